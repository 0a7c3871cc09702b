"use strict";
// The page reads without this. It lights up what belongs together across the page, and lets the
// arrow keys walk through points and sentences.
(() => {
  const steps = Array.from(document.querySelectorAll("[data-step]"));
  const partners = new Map(steps.map((step) => [step, []]));
  for (const point of document.querySelectorAll("[data-evidence]")) {
    for (const id of point.dataset.evidence.split(" ")) {
      const sentence = document.getElementById(id);
      if (sentence) {
        partners.get(point).push(sentence);
        partners.get(sentence).push(point);
      }
    }
  }

  let hovered = null;
  let focused = null;
  let lit = [];
  const stepOf = (node) => (node instanceof Element ? node.closest("[data-step]") : null);
  const light = () => {
    for (const step of lit) step.classList.remove("lit");
    lit = [hovered, focused].flatMap((step) => (step ? partners.get(step) : []));
    for (const step of lit) step.classList.add("lit");
  };

  document.addEventListener("mouseover", (event) => {
    hovered = stepOf(event.target);
    light();
  });
  document.addEventListener("mouseout", (event) => {
    if (!event.relatedTarget) {
      hovered = null;
      light();
    }
  });
  document.addEventListener("focusin", (event) => {
    focused = stepOf(event.target);
    light();
  });
  document.addEventListener("focusout", (event) => {
    focused = stepOf(event.relatedTarget);
    light();
  });

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const distance = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const here = stepOf(document.activeElement);
    if (!distance || !here) return;
    const next = steps[steps.indexOf(here) + distance];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  document.documentElement.classList.add("scripted");
})();
