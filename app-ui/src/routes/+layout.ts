// A static page: every screen is drawn on the device, from what the device holds. No screen reads
// anything before the device is open and somebody's.
import { redirect } from '@sveltejs/kit';
import { core } from '$lib/core';
import { enrolment } from '$lib/enrolment.svelte';

export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';

/** Screens that need nobody to be enrolled. */
const FREE = ['/enrol', '/settings'];

export async function load({ url }) {
  // The code leaves the address at once: it opens a device, once.
  if (location.hash.startsWith('#enrol=')) {
    enrolment.link = location.href;
    history.replaceState(history.state, '', location.pathname);
  }
  // Not thrown: what the outermost load throws is shown by the framework, in no words of ours.
  if ((await core.open()) !== 'ready') return { enrolled: null };
  const { enrolled } = await core.call({ call: 'status' });
  if (enrolled === null && !FREE.includes(url.pathname)) redirect(307, '/enrol');
  return { enrolled };
}
