// A tap until its answer is durable, through the screen, in either host.

/**
 * Runs in the page: answers so many items as passed, one after the other. Times from each tap to the mark
 * that says it is saved, in ms of the page's own clock. The screen sets the mark once the core has answered,
 * which it does when the op is on the disk.
 */
export async function tapAll(most) {
  const took = [];
  for (const button of [...document.querySelectorAll("article button.pass[aria-pressed='false']")].slice(0, most)) {
    button.scrollIntoView({ block: "center" });
    await new Promise((soon) => setTimeout(soon, 400));
    const saved = new Promise((done) => {
      const watch = new MutationObserver(() => {
        if (button.getAttribute("aria-pressed") !== "true") return;
        watch.disconnect();
        done();
      });
      watch.observe(button, { attributes: true });
    });
    const from = performance.now();
    button.click();
    await saved;
    took.push(performance.now() - from);
  }
  if (took.length === 0) throw new Error("there is nothing to tap");
  return took;
}

/** The middle one of some. */
export const middle = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
