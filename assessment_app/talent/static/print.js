// The button that prints this page; the browser's own menu does the same.

document.querySelector("[data-print]").addEventListener("click", () => print());
