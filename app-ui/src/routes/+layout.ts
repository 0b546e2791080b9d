// A static page: every screen is drawn on the device, from what the device holds.
export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';
