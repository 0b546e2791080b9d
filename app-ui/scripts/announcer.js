// SvelteKit tells screen readers each new page's name in an element that hides itself by an inline
// style. The content policy refuses that, so the style goes; `src/styles/base.css` hides it.
const INLINE = /(id="svelte-announcer"[^>]*?)\s+style="[^"]*"/;

export function announcerWithoutStyle() {
  return {
    name: 'spotcheck-announcer',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0].endsWith('/generated/root.svelte')) return null;
      if (!INLINE.test(code)) this.error('SvelteKit announces pages in another way now: see scripts/announcer.js');
      return { code: code.replace(INLINE, '$1'), map: null };
    },
  };
}
