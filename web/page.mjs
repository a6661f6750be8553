// SPDX-License-Identifier: Apache-2.0
// The one HTML template: nothing inline, nothing from other hosts, words before the program runs, and a way out where it
// did not come (browsers do not ask again for a script that a change of network broke off).
export function pageHtml({ title, js, css, icon }) {
    const style = css ? `\n<link rel="stylesheet" href="/${css}">` : '';
    return `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#0B6B4F">
<meta name="format-detection" content="telephone=no">
<title>${title} · Huyula</title>
<link rel="icon" type="image/svg+xml" href="/${icon}">${style}
<script defer src="/${js}"></script>
</head>
<body>
<div id="app"><p class="opening">Sebentar, halaman sedang dibuka …</p>
<p class="opening opening-again"><a href="">Belum terbuka? Coba lagi (Try again)</a></p></div>
<noscript><p class="opening">Halaman ini memerlukan JavaScript. Aktifkan JavaScript atau buka di Chrome.</p></noscript>
</body>
</html>
`;
}
