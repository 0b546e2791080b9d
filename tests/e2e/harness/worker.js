// What the browser lacks or does wrong, where the core lives: in its worker.

/** Runs `script` in the core's worker before anything else does. The context must block service workers. */
export const inWorker = (context, script) =>
  context.route(/core-worker.*\.js$/, async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ response: reply, body: `${script}\n${await reply.text()}` });
  });
