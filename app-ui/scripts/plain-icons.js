// Each icon of Lucide is built, path by path, by a component that takes anything. Ours take a size and
// are never read aloud, and a screen has dozens: here each becomes a drawing that is copied whole.
const ICON = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/;
const DATA = /const iconData = (\{.*\});/;

const attributes = (of) => Object.entries(of).map(([name, value]) => ` ${name}="${value}"`).join('');

export function plainIcons() {
  return {
    name: 'spotcheck-plain-icons',
    enforce: 'pre',
    transform(code, id) {
      if (!ICON.test(id)) return null;
      const data = DATA.exec(code)?.[1];
      if (data === undefined) this.error(`${id} is built in another way now: see scripts/plain-icons.js`);
      const { name, node } = JSON.parse(data);
      const shapes = node.map(([tag, of]) => `<${tag}${attributes(of)} />`).join('');
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" class="lucide-${name}" aria-hidden="true">${shapes}</svg>`;
      return { code: `<script>let { size = 24 } = $props();</script>\n${svg}`, map: null };
    },
  };
}
