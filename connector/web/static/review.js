// One key accepts, typing corrects. Everything works without this file; it adds keys.
"use strict";

const form = document.getElementById("settle");
const typed = document.getElementById("typed");
const undo = document.getElementById("undo");
const later = document.getElementById("later");
const shownAt = performance.now();
const SETTLING = 350; // ms: a key that is still held from the value before accepts nothing here

const rest = document.querySelector(".rest");
const beside = document.querySelector(".rest .current");
if (rest && beside) rest.scrollTop += beside.getBoundingClientRect().top - rest.getBoundingClientRect().top - 120;

function choices() {
  return form ? [...form.querySelectorAll("input[name=reading]")] : [];
}

function choose(step) {
  const all = choices();
  if (!all.length) return;
  const at = all.findIndex((each) => each.checked);
  all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length].checked = true;
}

document.addEventListener("keydown", (event) => {
  const isEmpty = !typed || !typed.value;
  const isTyping = event.target === typed;
  if (event.key === "Enter" && (event.repeat || performance.now() - shownAt < SETTLING)) {
    event.preventDefault();
  } else if (isTyping && typed.type !== "textarea" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    choose(event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  } else if (event.key === "Escape" && later) {
    window.location.assign(later.href);
  } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && isEmpty && undo) {
    event.preventDefault();
    undo.requestSubmit();
  }
});

if (form) {
  // Typing means: not what was read.
  typed?.addEventListener("input", () => {
    if (typed.value) for (const each of choices()) each.checked = false;
  });
  // Without anything to type into, the chosen reading takes the keys.
  if (!typed) (choices().find((each) => each.checked) ?? choices()[0])?.focus();
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
