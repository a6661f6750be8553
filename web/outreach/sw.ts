// SPDX-License-Identifier: Apache-2.0
// The shell of /pos without a network: its page, script, styles and pictures, as the build names them, and
// nothing else; of other pages that there is no network. No answer of the API is ever kept: patients' data is in the page's own sealed store.

/** Written in by the build. */
declare const SHELL_FILES: readonly string[];
declare const SHELL_VERSION: string;

interface Extendable extends Event {
    waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Extendable {
    readonly request: Request;
    respondWith(answer: Promise<Response>): void;
}
interface Worker extends EventTarget {
    skipWaiting(): Promise<void>;
    readonly clients: { claim(): Promise<void> };
}

const worker = self as unknown as Worker;
const PREFIX = 'pos-';
const NAME = `${PREFIX}${SHELL_VERSION}`;

async function install(): Promise<void> {
    const cache = await caches.open(NAME);
    await cache.addAll(SHELL_FILES.map((path) => new Request(path, { cache: 'reload' })));
    await worker.skipWaiting();
}

async function activate(): Promise<void> {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
    await worker.clients.claim();
}

async function answer(request: Request, path: string): Promise<Response> {
    const kept = await (await caches.open(NAME)).match(path);
    return kept ?? fetch(request);
}

/** Any other page of this service without a network, the Back button's among them: what to do, instead of the browser's
 * page of a lost link. Which language was chosen is not known here. */
const LOST = `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tidak ada jaringan · No network · Huyula</title>
<link rel="stylesheet" href="${SHELL_FILES.find((path) => path.endsWith('.css')) ?? ''}">
</head>
<body>
<main class="staff-main">
<div class="empty">
<h1>Tidak ada jaringan · <span lang="en">No network</span></h1>
<p>Halaman ini perlu jaringan. Yang sudah Anda tulis di pos aman di tablet ini.</p>
<p lang="en">This page needs a network. What you wrote at the post is safe on this tablet.</p>
<p><a class="button primary" href="/pos">Ke pos · <span lang="en">To the post</span></a></p>
<p><a class="button" href="">Coba lagi · <span lang="en">Try again</span></a></p>
</div>
</main>
</body>
</html>`;

async function elsewhere(request: Request): Promise<Response> {
    try {
        /* The Back button would take an older page out of the cache, without its script. */
        return await fetch(new Request(request, { cache: 'no-cache' }));
    } catch {
        return new Response(LOST, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
    }
}

worker.addEventListener('install', (event) => (event as Extendable).waitUntil(install()));
worker.addEventListener('activate', (event) => (event as Extendable).waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
    const { request } = event as Fetching;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== location.origin) return;
    if (SHELL_FILES.includes(url.pathname)) (event as Fetching).respondWith(answer(request, url.pathname));
    else if (request.mode === 'navigate') (event as Fetching).respondWith(elsewhere(request));
});
