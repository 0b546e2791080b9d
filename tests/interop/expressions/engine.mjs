// ODK's engine in node: it was written for browsers, so it is given a document, and no `process`
// while it starts, or it would look for files beside itself.
import { JSDOM } from 'jsdom';

// 2021-06-24T02:00Z, for now() and today() of both engines. Zone: run with TZ=UTC.
const NOW = 1624500000000;

const { window } = new JSDOM('<html/>');
for (const name of [
  'window', 'document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'Text',
  'Comment', 'Attr', 'CDATASection', 'ProcessingInstruction', 'XMLDocument',
]) {
  globalThis[name] ??= name === 'window' ? window : window[name];
}
const { process } = globalThis;
Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true, writable: true });
const engine = await import('@getodk/xforms-engine');
await new Promise((resolve) => setTimeout(resolve, 500));
globalThis.process = process;
Date.now = () => NOW;

const escape = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

// The form of crates/checklists/tests/expression/fixture.rs. Outside of repeats `${name}` is the
// absolute path, as pyxform writes it.
const QUESTIONS = {
  name: 'Ada', age: '42', temp: '-18.50', blank: '', day: '2021-06-24', earlier: '2021-06-14',
  moment: '2021-06-24T10:30:00.000+08:00', colour: 'red', colours: 'red blue', wanted: 'B',
  spot: '22.5 114.0 0 5', fence: '22 113.5; 22 114.5; 23 114.5; 23 113.5; 22 113.5',
};
const PATHS = {
  inner: '/data/g/inner', stop: '/data/stop', label: '/data/stop/label', load: '/data/stop/load',
  lot: '/data/stop/lot', kg: '/data/stop/lot/kg',
};
const path = (name) => PATHS[name] ?? `/data/${name}`;
const STOPS = [['A', '3', ['1', '2']], ['B', '5', ['4']], ['C', '', []]];

function form(expression) {
  const calculate = expression.replace(/\$\{(\w+)\}/g, (_, name) => path(name));
  const answers = Object.entries(QUESTIONS).map(([name, text]) => `<${name}>${text}</${name}>`);
  const stops = STOPS.map(([label, load, lots]) => {
    const inside = lots.map((kg) => `<lot><kg>${kg}</kg></lot>`).join('');
    return `<stop><label>${label}</label><load>${load}</load>${inside}</stop>`;
  });
  const template = '<stop jr:template=""><label/><load/><lot jr:template=""><kg/></lot></stop>';
  return `<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms"
    xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head>
    <h:title>t</h:title><model><instance><data id="t">${answers.join('')}<g><inner>7</inner></g>
    ${template}${stops.join('')}<result/></data></instance>
    <instance id="colours"><root><item><name>red</name><label>Red</label><warm>yes</warm></item>
    <item><name>blue</name><label>Blue</label><warm>no</warm></item></root></instance>
    <instance id="limits"><root><item><zone>chilled</zone><most>8</most></item>
    <item><zone>frozen</zone><most>-18</most></item></root></instance>
    <bind nodeset="/data/result" type="string" calculate="${escape(calculate)}"/></model></h:head>
    <h:body><group ref="/data/stop"><repeat nodeset="/data/stop"><input ref="/data/stop/load"/>
    <group ref="/data/stop/lot"><repeat nodeset="/data/stop/lot"><input ref="/data/stop/lot/kg"/>
    </repeat></group></repeat></group></h:body></h:html>`;
}

/// The text of the answer, or `!` for any error.
export async function ask(expression) {
  try {
    const loaded = await engine.loadForm(form(expression));
    if (loaded.status === 'failure') return '!';
    const { children } = loaded.createInstance().root.currentState;
    const node = children.find((child) => child.currentState.reference === '/data/result');
    return String(node.currentState.value);
  } catch {
    return '!';
  }
}
