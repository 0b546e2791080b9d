// Every text exists in every language, is not empty, takes the same values, and is named for its
// area, so that two areas never claim one name.
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const settings = JSON.parse(readFileSync(new URL('project.inlang/settings.json', root), 'utf8'));
const patterns = settings['plugin.inlang.messageFormat'].pathPattern;
const wrong = [];

const values = (text) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((it) => it[1]).sort().join();
const empty = (text) => (typeof text === 'string' ? text.trim() === '' : !text?.length);

for (const area of readdirSync(new URL('messages/', root))) {
  const pattern = `./messages/${area}/{locale}.json`;
  if (!patterns.includes(pattern)) wrong.push(`project.inlang/settings.json does not name ${pattern}`);
  const texts = {};
  for (const locale of settings.locales) {
    const path = `messages/${area}/${locale}.json`;
    const source = readFileSync(new URL(path, root), 'utf8');
    texts[locale] = JSON.parse(source);
    const keys = [...source.matchAll(/^ {2}"([^"]+)":/gm)].map((it) => it[1]);
    for (const key of keys.filter((it, at) => keys.indexOf(it) !== at)) wrong.push(`${path}: ${key} twice`);
  }
  const names = new Set(Object.values(texts).flatMap(Object.keys));
  names.delete('$schema');
  for (const name of names) {
    if (!name.startsWith(`${area}_`)) wrong.push(`messages/${area}: ${name} must begin with ${area}_`);
    for (const locale of settings.locales) {
      const text = texts[locale][name];
      if (text === undefined) wrong.push(`messages/${area}/${locale}.json: ${name} is missing`);
      else if (empty(text)) wrong.push(`messages/${area}/${locale}.json: ${name} is empty`);
      else if (typeof text === 'string' && values(text) !== values(texts[settings.baseLocale][name] ?? text)) {
        wrong.push(`messages/${area}/${locale}.json: ${name} takes other values than ${settings.baseLocale}`);
      }
    }
  }
}

if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log('texts: complete in every language');
