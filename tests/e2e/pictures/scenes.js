// Photos for the pictures, drawn by code: no picture of anybody or any real place is in the tree.
const SKY = `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#9fb9cf"/><stop offset="1" stop-color="#dfe6ea"/></linearGradient>
<linearGradient id="road" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8b8d8e"/><stop offset="1" stop-color="#5d6163"/></linearGradient>
<linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#d9cdb8"/><stop offset="1" stop-color="#b9a98d"/></linearGradient>
<linearGradient id="steel" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#c9d1d6"/><stop offset="1" stop-color="#8f9aa2"/></linearGradient>`;

const GROUND = `<rect width="1200" height="620" fill="url(#sky)"/><rect y="560" width="1200" height="340" fill="url(#road)"/>
<path d="M560 900 L590 560 L610 560 L640 900 Z" fill="#e8e4d6" opacity=".5"/>`;

const guard = (x) => `<g transform="translate(${x} 430)"><circle cx="0" cy="0" r="34" fill="#c99b78"/><path d="M-36 -8 q36 -46 72 0 z" fill="#20304a"/><path d="M-22 8 h44 v16 q-22 16 -44 0 z" fill="#eef3f5"/>
<path d="M-58 46 q58 -26 116 0 l10 190 h-136 z" fill="#28406a"/><path d="M-40 60 l24 170 M40 60 l-24 170" stroke="#dbe34a" stroke-width="12"/><rect x="-46" y="232" width="38" height="150" fill="#1d2b45"/><rect x="8" y="232" width="38" height="150" fill="#1d2b45"/></g>`;

const gate = (sign, plate, extra = "") => `${GROUND}
<rect x="60" y="180" width="1080" height="70" fill="#7d2f28"/><text x="600" y="232" font-size="48" fill="#fff6e0" text-anchor="middle">${sign}</text>
<rect x="60" y="180" width="80" height="460" fill="url(#wall)"/><rect x="1060" y="180" width="80" height="460" fill="url(#wall)"/>
<rect x="180" y="330" width="190" height="320" fill="#e9edf0"/><rect x="200" y="360" width="150" height="120" fill="#41566a"/><rect x="172" y="312" width="206" height="26" fill="#3c5a78"/><path d="M215 470 h120 M275 380 v90" stroke="#6c8296" stroke-width="5"/>
<rect x="392" y="560" width="34" height="100" fill="#c8352b"/><g transform="rotate(-58 409 566)"><rect x="409" y="556" width="430" height="20" fill="#fff"/><path d="M449 556 h60 v20 h-60 z M569 556 h60 v20 h-60 z M689 556 h60 v20 h-60 z" fill="#c8352b"/></g>
<g transform="translate(690 420)"><path d="M0 60 q0 -60 60 -60 h210 q46 0 56 60 l14 70 v110 h-340 z" fill="#f4f5f2"/><path d="M34 22 h120 v74 h-128 q0 -52 8 -74 z M172 22 h92 q26 0 34 74 h-126 z" fill="#4d6070"/><circle cx="70" cy="240" r="42" fill="#22282d"/><circle cx="268" cy="240" r="42" fill="#22282d"/><circle cx="70" cy="240" r="18" fill="#8c959b"/><circle cx="268" cy="240" r="18" fill="#8c959b"/>
<rect x="106" y="172" width="126" height="38" rx="5" fill="#1c58b8"/><text x="169" y="200" font-size="25" fill="#fff" text-anchor="middle">${plate}</text></g>
${extra}`;

const freezer = (degrees, name) => `<rect width="1200" height="900" fill="#e3e7e8"/><rect x="90" y="60" width="620" height="840" fill="url(#steel)" stroke="#78848c" stroke-width="8"/><rect x="620" y="420" width="36" height="190" rx="14" fill="#4d565c"/>
<path d="M90 60 h620 v70 q-160 60 -310 12 q-170 -40 -310 40 z" fill="#fff" opacity=".75"/><text x="390" y="330" font-size="76" fill="#32424c" text-anchor="middle">${name}</text>
<rect x="790" y="250" width="310" height="230" rx="18" fill="#30383d"/><rect x="820" y="282" width="250" height="120" rx="8" fill="#0a1512"/><text x="945" y="372" font-size="84" font-family="monospace" fill="#ff4d3a" text-anchor="middle">${degrees}</text><circle cx="850" cy="442" r="13" fill="#ff4d3a"/><circle cx="900" cy="442" r="13" fill="#4a5459"/><text x="1010" y="452" font-size="28" fill="#dfe6e8" text-anchor="middle">°C</text>
<rect x="0" y="860" width="1200" height="40" fill="#a9adac"/>`;

const sheet = (x, lean = 0) => `<g transform="rotate(${lean} ${x + 90} 660)"><rect x="${x}" y="240" width="180" height="420" fill="#3f74b5"/><path d="M${x + 24} 240 v420 M${x + 68} 240 v420 M${x + 112} 240 v420 M${x + 156} 240 v420" stroke="#2f5c94" stroke-width="12"/></g>`;
const fence = `${GROUND}${[0, 184, 368].map((x) => sheet(x)).join("")}${sheet(588, 11)}${[836, 1020].map((x) => sheet(x)).join("")}<path d="M556 660 q40 -60 60 -8 q26 -30 44 8 z" fill="#6f7c4a"/>`;

/** Each by the name of its file: what is drawn, in the language of the pictures. */
function drawings(say) {
  const sign = say("农批市场 · 南门", "Wholesale Market · South Gate");
  const plate = say("示·A0001", "DEMO 01");
  return {
    "gate.jpg": gate(sign, plate),
    "gate-near.jpg": `<g transform="translate(-330 -330) scale(1.6)">${gate(sign, plate)}</g>`,
    "gate-after.jpg": gate(sign, plate, guard(470)),
    "gate-other.jpg": `<g transform="translate(1200 0) scale(-1 1)">${GROUND}</g><g transform="translate(-160 -90) scale(1.2)">${gate(sign, plate)}</g>`,
    "fence.jpg": fence,
    "freezer.jpg": freezer("-15.2", say("1号冷冻间", "Freezer 1")),
  };
}

/** All of them as JPEG, by name. */
export async function photos(browser, say) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const taken = {};
  for (const [name, drawing] of Object.entries(drawings(say))) {
    await page.setContent(`<body style="margin:0"><svg width="1200" height="900" font-family="Noto Sans CJK SC, sans-serif"><defs>${SKY}</defs>${drawing}</svg></body>`);
    taken[name] = await page.screenshot({ type: "jpeg", quality: 82 });
  }
  await page.close();
  return taken;
}
