// SPDX-License-Identifier: Apache-2.0
// The shell of /pos without a network: its page, script, styles and pictures, as the build names them, and
// nothing else. No answer of the API is ever kept: patients' data is in the page's own sealed store.

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

worker.addEventListener('install', (event) => (event as Extendable).waitUntil(install()));
worker.addEventListener('activate', (event) => (event as Extendable).waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
    const { request } = event as Fetching;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== location.origin || !SHELL_FILES.includes(url.pathname)) return;
    (event as Fetching).respondWith(answer(request, url.pathname));
});
