/* Runs before anything is drawn, in the language of the oldest browser that can ask for the page:
   no module, no arrow, no const. It sets theme, language and text size, so that nothing jumps; and
   it says what is missing where the app itself could not even start. */
(function () {
  'use strict';
  var root = document.documentElement;

  function stored(name) {
    try {
      return localStorage.getItem('spotcheck.' + name);
    } catch (refused) {
      return null;
    }
  }

  var theme = stored('theme');
  if (theme !== 'light' && theme !== 'dark' && theme !== 'sun') {
    theme = window.matchMedia && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  root.setAttribute('data-theme', theme);
  var text = stored('text');
  if (text) root.setAttribute('data-text', text);
  if (stored('hand') === 'left') root.setAttribute('data-hand', 'left');
  var locale = stored('locale') || navigator.language || 'zh';
  root.lang = locale.indexOf('zh') === 0 ? 'zh-CN' : 'en';

  var script = document.createElement('script');
  var modern =
    'noModule' in script &&
    typeof BigInt === 'function' &&
    typeof Promise === 'function' &&
    typeof Promise.any === 'function' &&
    typeof ''.replaceAll === 'function' &&
    ('__TAURI_INTERNALS__' in window || typeof WebAssembly === 'object');
  if (modern) return;

  window.spotcheckTooOld = true;
  document.addEventListener('DOMContentLoaded', function () {
    var lines = [
      ['h1', '飞检需要更新的浏览器'],
      ['p', '请更新 Chrome、Edge、Firefox 或 Safari（安卓应用请更新“Android System WebView”），然后重新打开本页。'],
      ['p', '至少需要：Chrome 或 WebView 108，Firefox 111，Safari 16.4。本机已保存的记录不会丢失。'],
      ['h1', 'Spotcheck needs a newer browser'],
      ['p', 'Update Chrome, Edge, Firefox or Safari (in the Android app: “Android System WebView”), then open this page again.'],
      ['p', 'At least Chrome or WebView 108, Firefox 111, or Safari 16.4. Records kept on this device are not lost.'],
    ];
    var notice = document.createElement('div');
    notice.className = 'too-old';
    notice.setAttribute('role', 'alert');
    for (var i = 0; i < lines.length; i++) {
      var line = document.createElement(lines[i][0]);
      line.lang = i < 3 ? 'zh-CN' : 'en';
      line.appendChild(document.createTextNode(lines[i][1]));
      notice.appendChild(line);
    }
    var opening = document.getElementById('opening');
    if (opening) opening.parentNode.removeChild(opening);
    document.body.insertBefore(notice, document.body.firstChild);
  });
})();
