// A Wi-Fi that answers everything with its own sign-in page, where the server was.
import { once } from "node:events";
import { createServer } from "node:http";

/** Stands at the address of a server that was stopped while `act` runs. */
export async function portal({ url }, act) {
  const page = createServer((_, reply) => reply.writeHead(200, { "content-type": "text/html" }).end("<h1>Free Wi-Fi</h1>"));
  page.listen(Number(new URL(url).port), "127.0.0.1");
  await once(page, "listening");
  try {
    await act();
  } finally {
    page.closeAllConnections();
    page.close();
    await once(page, "close");
  }
}
