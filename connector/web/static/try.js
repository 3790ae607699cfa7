// Dropping a file sends it. Everything works without this file; it saves a click.
"use strict";

const form = document.getElementById("try");
const drop = document.getElementById("drop");
const file = document.getElementById("file");
const busy = document.getElementById("busy");

form.addEventListener("submit", () => {
  busy.textContent = "Reading … a scan takes a few seconds.";
  for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
});
window.addEventListener("pageshow", () => {
  busy.textContent = "";
  for (const button of form.querySelectorAll("button")) button.disabled = false;
});

for (const what of ["dragenter", "dragover"]) {
  drop.addEventListener(what, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const what of ["dragleave", "drop"]) {
  drop.addEventListener(what, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  file.files = event.dataTransfer.files;
  form.requestSubmit(document.getElementById("read"));
});

const copy = document.getElementById("copy");
copy?.addEventListener("click", async () => {
  const json = document.getElementById("json");
  const said = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(json.textContent);
    said.textContent = "Copied.";
  } catch {
    window.getSelection().selectAllChildren(json);
    said.textContent = "Selected: copy it with Ctrl C.";
  }
});

document.getElementById("result")?.focus();
