// What a form would do, as one types: the same answer that its button gets, in place of what stood there.
"use strict";

(() => {
  const problems = document.querySelector("#wrong");
  if (problems) problems.focus();
  const sheet = document.querySelector("#sheet"), told = document.querySelector("#told");
  if (!sheet) return;
  let waiting = 0, asked = 0;

  const check = async () => {
    const turn = ++asked, body = new URLSearchParams(new FormData(sheet));
    body.set("live", "yes");
    let answer;
    try {
      answer = await fetch(sheet.getAttribute("action"), { method: "POST", body, redirect: "error" });
    } catch {
      return;
    }
    if (turn !== asked || !answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#outcome");
    const outcome = document.querySelector("#outcome");
    if (turn !== asked || !found || outcome.contains(document.activeElement)) return;
    outcome.replaceWith(found);
    const words = found.querySelector(".effect, .needed, .alike");
    told.textContent = words ? words.textContent.trim() : "";
  };

  sheet.addEventListener("input", (event) => {
    if (event.target.closest("#outcome") && event.target.name !== "anyway") return;
    clearTimeout(waiting);
    asked += 1;
    waiting = setTimeout(check, 500);
  });
})();
