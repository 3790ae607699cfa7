// One press copies the key. Without this file it is copied by hand.
"use strict";

const secret = document.getElementById("secret");
document.getElementById("copy")?.addEventListener("click", async () => {
  const said = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(secret.value);
    said.textContent = "Copied.";
  } catch {
    secret.select();
    said.textContent = "Selected: copy it with Ctrl C.";
  }
});
secret?.focus();
