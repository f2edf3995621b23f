
"use strict";
(() => {
  const { version } = JSON.parse(document.getElementById("live").textContent);
  const note = document.getElementById("live-note");

  for (const button of document.querySelectorAll(".pick")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      const choice = { version, card: button.closest(".card").id, take: Number(button.dataset.take) };
      try {
        const headers = { "Content-Type": "application/json" };
        const answer = await fetch("choose", { method: "POST", headers, body: JSON.stringify(choice) });
        if (answer.ok) return; // The ledger has changed: the page is loaded again.
        note.textContent = await answer.text();
      } catch {
        note.textContent = "clapboard preview --serve has stopped.";
      }
      button.disabled = false;
    });
  }

  (async () => {
    for (;;) {
      try {
        const answer = await fetch(`version?after=${version}`);
        if (answer.status === 200) return location.reload();
      } catch {
        note.textContent = "clapboard preview --serve has stopped; this page is as it was last.";
        return;
      }
    }
  })();
})();
