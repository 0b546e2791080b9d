// How much room a browser has for the app, as an administrator of the browser can say it.

/** Gives `room(bytes)`: so much more may be kept; null: as much as ever. */
export async function roomFor({ context, page }, { url: origin }) {
  const cdp = await context.newCDPSession(page);
  return async (bytes) => {
    const { usage } = await cdp.send("Storage.getUsageAndQuota", { origin });
    await cdp.send("Storage.overrideQuotaForOrigin", { origin, ...(bytes === null ? {} : { quotaSize: usage + bytes }) });
  };
}
