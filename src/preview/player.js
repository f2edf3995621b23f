
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { items, ranges } = JSON.parse($("playlist").textContent);
  const print = $("print");
  print.addEventListener("click", () => window.print());
  $("panels").addEventListener("change", (event) => {
    document.documentElement.dataset.panels = event.target.value;
  });

  // The takes of a shot side by side, in step: one starts and stops them all.
  for (const button of document.querySelectorAll(".together")) {
    const takes = [...button.closest(".takes").querySelectorAll("video")];
    if (takes.length < 2) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const isPlaying = takes.some((take) => !take.paused);
      for (const take of takes) {
        if (isPlaying) {
          take.pause();
        } else {
          take.currentTime = 0;
          take.muted = take !== takes[0];
          take.play().catch(() => {});
        }
      }
    });
    const tell = () => { button.textContent = takes.some((take) => !take.paused) ? "Pause" : "Play in step"; };
    for (const take of takes) for (const event of ["play", "pause", "ended"]) take.addEventListener(event, tell);
  }

  if (items.length === 0) return;

  const stage = $("stage"), still = $("still"), label = $("label"), slug = $("slug"), caption = $("caption");
  const play = $("play"), seek = $("seek"), clock = $("clock"), loop = $("loop"), voice = $("voice");
  const speech = window.speechSynthesis;
  $("player").hidden = false;
  if (!speech) $("voice-option").hidden = true;

  // Where each shot of the range begins, in seconds; one more for its end.
  let first = 0, begins = [0], position = 0, current = -1;
  let playing = false, origin = 0, spoken = "";

  for (const [index, range] of ranges.entries()) {
    $("range").append(new Option((range.is_part ? "\u2003" : "") + range.name, index));
  }

  const length = () => begins[begins.length - 1];
  const time = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const at = (seconds) => {
    let index = 0;
    while (index + 2 < begins.length && begins[index + 1] <= seconds) index += 1;
    return index;
  };

  function choose(range) {
    first = range.first;
    begins = [0];
    for (const item of items.slice(first, first + range.count)) begins.push(begins.at(-1) + item.seconds);
    seek.max = length();
    go(0);
  }

  // Clips stand in for stills as they arrive. Those around the current shot are kept ready.
  const videos = new Map();
  function video(index) {
    const item = items[index];
    if (!item?.clip || item.clip.broken) return null;
    if (!videos.has(index)) {
      const element = document.createElement("video");
      element.preload = "auto";
      element.playsInline = true;
      element.hidden = true;
      element.src = item.clip.link;
      element.addEventListener("error", () => { item.clip.broken = true; drop(index); show(); });
      element.addEventListener("loadedmetadata", () => show());
      stage.prepend(element);
      videos.set(index, element);
    }
    return videos.get(index);
  }
  function drop(index) {
    videos.get(index)?.remove();
    videos.delete(index);
  }

  function showClip(index, local) {
    for (const key of videos.keys()) if (Math.abs(key - index) > 1) drop(key);
    const element = video(index);
    if (index + 1 < first + begins.length - 1) video(index + 1);
    for (const [key, other] of videos) {
      other.hidden = key !== index || other.readyState < 1;
      if (key !== index) other.pause();
    }
    if (!element || element.readyState < 1) return false;
    const wanted = items[index].clip.from + local;
    const drift = Math.abs(element.currentTime - wanted);
    if (playing && element.paused && !element.ended) element.play().catch(() => {});
    if (!playing) element.pause();
    if (drift > (playing ? 0.25 : 0.02)) element.currentTime = wanted;
    return true;
  }

  function showStill(item, local) {
    const picture = item.stills.findLast((picture) => picture.at <= local) ?? item.stills[0];
    still.setAttribute("viewBox", `0 0 ${picture.width} ${picture.height}`);
    const use = still.firstElementChild;
    const href = picture.picture ? `#${picture.picture}` : "";
    if (use.getAttribute("href") !== href) use.setAttribute("href", href);
    label.hidden = picture.picture !== null;
    label.textContent = picture.picture === null ? picture.label : "";
  }

  function showCaption(item, index, local) {
    const now = item.captions.find((caption) => caption.from <= local && local < caption.to);
    const key = now ? `${index}:${now.from}` : "";
    if (caption.dataset.key === key) return;
    caption.dataset.key = key;
    caption.replaceChildren();
    if (!now || now.text === "") return;
    const words = document.createElement("span");
    if (now.who !== null) {
      const who = document.createElement("b");
      who.textContent = `${now.who}: `;
      words.append(who);
    }
    words.append(now.text);
    caption.append(words);
    if (playing && voice.checked && now.who !== null && spoken !== key) {
      spoken = key;
      speech.speak(new SpeechSynthesisUtterance(now.text));
    }
  }

  function show() {
    const shot = at(position), index = first + shot, item = items[index];
    const local = Math.min(position - begins[shot], item.seconds);
    if (!showClip(index, local)) showStill(item, local);
    still.toggleAttribute("hidden", Boolean(videos.get(index) && !videos.get(index).hidden));
    showCaption(item, index, local);
    if (current !== index) {
      document.querySelectorAll(".timeline a.current").forEach((link) => link.classList.remove("current"));
      document.querySelector(`.timeline a[href="#${item.card}"]`)?.classList.add("current");
      slug.textContent = [item.scene, item.name].filter(Boolean).join(" · ");
      stage.dataset.shot = item.name;
      current = index;
    }
    seek.value = position;
    seek.setAttribute("aria-valuetext", `${time(position)}, ${item.name}`);
    clock.textContent = `${time(position)} / ${time(length())}`;
  }

  function tick(now) {
    if (!playing) return;
    position = (now - origin) / 1000;
    if (position >= length()) {
      if (loop.checked) {
        origin = now;
        position = 0;
        spoken = "";
      } else {
        position = length();
        stop();
        show();
        return;
      }
    }
    show();
    requestAnimationFrame(tick);
  }

  function start() {
    if (position >= length()) position = 0;
    playing = true;
    spoken = "";
    caption.dataset.key = "-";
    play.textContent = "Pause";
    requestAnimationFrame((now) => {
      origin = now - position * 1000;
      tick(now);
    });
  }

  function stop() {
    playing = false;
    play.textContent = "Play";
    speech?.cancel();
    videos.forEach((element) => element.pause());
  }

  function go(seconds) {
    position = Math.max(0, Math.min(seconds, length()));
    origin = performance.now() - position * 1000;
    speech?.cancel();
    spoken = "";
    show();
  }

  function step(by) {
    const shot = at(position);
    const back = by < 0 && position - begins[shot] > 0.7 ? 0 : by;
    go(begins[Math.max(0, Math.min(shot + back, begins.length - 2))]);
  }

  play.addEventListener("click", () => (playing ? stop() : start()));
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  seek.addEventListener("input", () => go(Number(seek.value)));
  $("range").addEventListener("change", (event) => choose(ranges[event.target.value]));
  voice.addEventListener("change", () => { if (!voice.checked) speech.cancel(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, video")) return;
    const isOnControl = event.target.closest("button, summary, a");
    if (event.key === " " && !isOnControl) {
      event.preventDefault();
      if (playing) stop(); else start();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      step(event.key === "ArrowLeft" ? -1 : 1);
    }
  });
  choose(ranges[0]);
})();
