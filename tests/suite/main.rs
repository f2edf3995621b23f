mod stub;
mod submit_run;
