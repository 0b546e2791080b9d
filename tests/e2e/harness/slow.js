// A core that takes its time, so that a screen is seen while it waits. What is asked waits at the
// worker's door and is asked, in order, when it is let go.

const HELD = "held-core";

/** Before the first page of a context. */
export const slowCore = (context) =>
  context.addInitScript((name) => {
    const post = Worker.prototype.postMessage;
    const waiting = [];
    Worker.prototype.postMessage = function (...args) {
      if (sessionStorage.getItem(name) === null) post.apply(this, args);
      else waiting.push(() => post.apply(this, args));
    };
    window.letGo = () => {
      sessionStorage.removeItem(name);
      waiting.splice(0).forEach((ask) => ask());
    };
  }, HELD);

/** From here on the core answers nothing; also after a reload. */
export const hold = (page) => page.evaluate((name) => sessionStorage.setItem(name, "1"), HELD);

export const letGo = (page) => page.evaluate(() => window.letGo());
