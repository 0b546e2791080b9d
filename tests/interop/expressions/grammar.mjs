// Expressions as authors of forms write them, and some they should not: typed, so that most mean
// something, with a wrong type now and then. The same seed gives the same expressions.

let seed = 20211124;
function random(below) {
  // Park–Miller.
  seed = (seed * 16807) % 2147483647;
  return seed % below;
}
const pick = (list) => list[random(list.length)];

const numbers = ['0', '1', '2', '3', '7', '10', '2.5', '0.1', '100', '1000000', '-3', '-0.5',
  "'5'", "' 12 '", '${age}', '${temp}', '${inner}', '${blank}', 'count(${stop})'];
const texts = ["'a'", "'abc'", "'hello world'", "''", "'检查员'", "'a b a'", "'2021'", '${name}',
  '${colours}', '${blank}', '${wanted}', "' x  y '", "'true'", '"it\'s"'];
const truths = ['true()', 'false()', "${name} = 'Ada'", '${age} > 18', "${blank} = ''",
  "selected(${colours}, 'red')", '${temp} <= -18'];
const sets = ['${load}', '${kg}', '${label}', '/data/stop/label', '/data/stop[load > 3]/label',
  '/data/stop[2]/load', '/data/stop/lot/kg', '/data/nothing', '/data/stop[position() > 1]/label',
  '/data/stop[count(lot) > 0]/lot/kg', "/data/stop[label = ${wanted}]/load",
  "instance('colours')/root/item/name", "instance('colours')/root/item[warm = 'yes']/label"];
const repeats = ['${stop}', '${lot}', '/data/stop', '/data/stop[lot]', '/data/stop/lot'];
const dates = ['${day}', '${earlier}', "'2021-06-24'", "'2020-02-29'", "'1999-12-31'", 'today()',
  "date('2021-01-01')", '18000', "'2021-06-24T12:34:56.789Z'", '${moment}', "''", '${blank}'];
const moments = ["'2021-06-24T12:34:56.789Z'", '${moment}', "'2021-01-02T03:04:05+08:00'", 'now()',
  "'2021-06-24T00:00:00.000+00:00'", "'2021-06-24'"];
const formats = ["'%Y-%m-%d'", "'%e %b %y'", "'%a %n/%d'", "'%Y年%n月%e日'", "'100%'", "'%d%%'"];
const timeFormats = ["'%H:%M:%S'", "'%h.%M %3'", "'%Y-%m-%d %H:%M'"];
const patterns = ["'[a-z]+'", "'^[A-Z][a-z]*$'", "'[0-9]{4}'", "'^\\d+$'", "'.*'", "'^(red|blue).*$'",
  "'[\\u4e00-\\u9fa5]+'", "'^\\w+$'", "'^a?b?c?$'"];
const shapes = ['${fence}', "'0 0; 0 1; 1 1; 0 0'", "'22.5 114; 22.6 114.1; 22.7 114.3'",
  "'10 20 0 0; 10 21 0 0; 11 21 0 0;'", "'-33.9 151.2; -33.8 151.3; -33.7 151.1; -33.9 151.2'"];
const points = ['${spot}', "'22.1 114.4'", "'0.2 0.5'", "'50 8 100 5'", "'23.5 114'"];

function number(depth) {
  if (depth <= 0) return pick(numbers);
  const a = () => number(depth - 1);
  return pick([
    () => `${a()} + ${a()}`, () => `${a()} - ${a()}`, () => `${a()} * ${a()}`,
    () => `${a()} div ${a()}`, () => `${a()} mod ${a()}`, () => `(${a()} + ${a()}) * ${a()}`,
    () => `-(${a()})`, () => `round(${a()})`, () => `round(${a()}, ${random(4)})`,
    () => `int(${a()})`, () => `floor(${a()})`, () => `ceiling(${a()})`, () => `abs(${a()})`,
    () => `pow(${a()}, ${random(4)})`, () => `number(${pick([a(), text(depth - 1)])})`,
    () => `sqrt(${a()})`, () => `exp(${pick(['0', '1', '2.5', '-3'])})`, () => `log(${a()})`,
    () => `log10(${a()})`, () => `exp10(${random(6)})`, () => `sin(${a()})`, () => `cos(${a()})`,
    () => `tan(${a()})`, () => `asin(${pick(['0', '1', '0.1', '-0.5', '2'])})`,
    () => `acos(${pick(['0', '1', '0.1', '-0.5', '2'])})`, () => `atan(${a()})`,
    () => `atan2(${a()}, ${a()})`, () => 'pi()', () => `sum(${pick(sets)})`,
    () => `max(${pick(sets)})`, () => `min(${pick(sets)})`, () => `max(${a()}, ${a()}, ${a()})`,
    () => `min(${a()}, ${a()})`, () => `count(${pick(sets)})`, () => `count(${pick(repeats)})`,
    () => `count-non-empty(${pick(sets)})`, () => `string-length(${text(depth - 1)})`,
    () => `count-selected(${text(depth - 1)})`, () => `decimal-date-time(${pick(dates)})`,
    () => `decimal-time(${pick(["'06:00'", "'18:30:00'", "'12:34:56.789'", "'24:00'", "'x'"])})`,
    () => `distance(${pick(shapes)})`, () => `area(${pick(shapes)})`,
    () => `if(${truth(depth - 1)}, ${a()}, ${a()})`, () => `${pick(dates)} - ${pick(dates)}`,
  ])();
}

function text(depth) {
  if (depth <= 0) return pick(texts);
  const a = () => (random(10) === 0 ? number(depth - 1) : text(depth - 1));
  return pick([
    () => `concat(${a()}, ${a()})`, () => `concat(${pick(sets)}, ${a()})`,
    () => `join(${pick(["', '", "'-'"])}, ${pick(sets)})`, () => `join(' ', ${a()}, ${a()})`,
    () => `substr(${a()}, ${random(5)})`, () => `substr(${a()}, ${random(3)}, ${random(8)})`,
    () => `substr(${a()}, -${random(4)})`, () => `substring(${a()}, ${random(4)}, ${random(5)})`,
    () => `substring-before(${a()}, ${pick(["' '", "'l'", "'lo'", "'员'"])})`,
    () => `substring-after(${a()}, ${pick(["' '", "'l'", "'检'", "'b'", "'ll'"])})`,
    () => `translate(${a()}, 'abco', 'AB')`, () => `normalize-space(${a()})`,
    () => `string(${pick([number(depth - 1), truth(depth - 1), a()])})`,
    () => `coalesce(${a()}, ${a()})`, () => `once(${a()})`,
    () => `if(${truth(depth - 1)}, ${a()}, ${a()})`,
    () => `selected-at(${pick(['${colours}', "'x y  z'", a()])}, ${random(4)})`,
    () => `format-date(${pick(dates)}, ${pick(formats)})`,
    () => `format-date-time(${pick(moments)}, ${pick([...formats, ...timeFormats])})`,
    () => `date(${pick(dates)})`, () => `date(${random(20000)})`, () => `date('2021-${1 + random(13)}-${1 + random(31)}')`,
    () => `digest(${a()}, ${pick(["'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'"])}${pick(['', ", 'hex'"])})`,
    () => `base64-decode(${pick(["'aGVsbG8='", "'5qOA5p+l'", "'YQ'", "''"])})`,
    () => `indexed-repeat(${pick(['${label}', '${load}'])}, \${stop}, ${random(5)})`,
    () => `indexed-repeat(\${kg}, \${stop}, ${1 + random(3)}, \${lot}, ${1 + random(3)})`,
    () => `pulldata('limits', 'most', 'zone', ${pick(["'frozen'", "'chilled'", a()])})`,
    () => `${pick(sets)}`, () => `join(' ', randomize(${pick(sets)}, ${pick(['1', '42', '1234', '-7', "'x'", '2.5', "''"])}))`,
    () => `/data/stop[${1 + random(4)}]/label`, () => `/data/stop[last()]/label`,
    () => `(${pick(sets)})[${1 + random(3)}]`,
  ])();
}

function truth(depth) {
  if (depth <= 0) return pick(truths);
  const a = () => truth(depth - 1);
  const n = () => number(depth - 1);
  const t = () => text(depth - 1);
  const compare = () => pick(['=', '!=', '<', '<=', '>', '>=']);
  return pick([
    () => `${n()} ${compare()} ${n()}`, () => `${t()} ${pick(['=', '!='])} ${t()}`,
    () => `${pick(sets)} ${compare()} ${pick([n(), t()])}`,
    () => `${pick(sets)} ${pick(['=', '!='])} ${pick(sets)}`,
    () => `${pick(dates)} ${compare()} ${pick(dates)}`, () => `${a()} and ${a()}`,
    () => `${a()} or ${a()}`, () => `not(${pick([a(), a(), t()])})`,
    () => `boolean(${pick([n(), t(), a()])})`, () => `boolean-from-string(${pick([t(), "'1'", "'true'"])})`,
    () => `contains(${t()}, ${t()})`, () => `starts-with(${t()}, ${t()})`,
    () => `ends-with(${t()}, ${t()})`, () => `selected(${t()}, ${t()})`,
    () => `selected(\${colours}, ${pick(["'red'", "'green'", "'re'"])})`,
    () => `regex(${t()}, ${pick(patterns)})`,
    () => `checklist(${random(3) - 1}, ${random(4) - 1}, ${a()}, ${a()}, ${t()})`,
    () => `weighted-checklist(${random(4) - 1}, ${random(8)}, ${a()}, ${1 + random(4)}, ${a()}, ${1 + random(4)})`,
    () => `geofence(${pick(points)}, ${pick(shapes)})`,
  ])();
}

/// As many different expressions as asked for.
export function expressions(count) {
  const found = new Set();
  while (found.size < count) {
    const depth = 1 + random(3);
    found.add(pick([number, text, truth])(depth));
  }
  return [...found];
}
