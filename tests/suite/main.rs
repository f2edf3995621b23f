mod import;
mod init;
