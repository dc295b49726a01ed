/** Light or dark as it was chosen, before anything is painted; else the system's choice stands. */
(() => {
  const chosen = localStorage.getItem("segue.look");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.look = chosen;
})();
