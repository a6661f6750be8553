// SPDX-License-Identifier: Apache-2.0
// The HTTP API: JSON in and out, RFC 9457 problems as ApiProblem, patience on bad links. What may be
// sent twice without harm (GET, PUT, DELETE, anything with an idempotency key) is sent again when the
// network fails or the server is just restarting.
import { getLang, type Lang } from './lang';

/** A sentence of the server: `message` in the language `lang`, `also` in the other one. */
export interface Said {
    readonly message: string;
    readonly also?: string;
    readonly lang?: Lang;
}

export interface FieldError extends Said {
    readonly field: string;
    readonly code: string;
    readonly allowed?: string | null;
}

/** In the language that the page has now. Without `lang`, which an older server did not send: as it is. */
export function told({ message, also, lang }: Said): string {
    return also && lang && lang !== getLang() ? also : message;
}

/** The same words in the other language. */
interface Also {
    readonly lang: Lang;
    readonly title: string;
    readonly detail: string;
}

/** The server said no. `type` is stable ("slot-taken"); `message` is for the reader, in the language that the page has now. */
export class ApiProblem extends Error {
    constructor(
        readonly status: number,
        readonly type: string,
        private readonly titleThen: string,
        private readonly messageThen: string,
        readonly errors: readonly FieldError[],
        readonly retryAfterS: number,
        readonly body: Readonly<Record<string, unknown>>,
    ) {
        super();
        this.name = 'ApiProblem';
    }

    private get also(): Also | null {
        const also = this.body.also as Also | undefined;
        return also?.lang === getLang() ? also : null;
    }

    get title(): string {
        return this.also?.title ?? this.titleThen;
    }

    override get message(): string {
        return this.also?.detail ?? this.messageThen;
    }

    field(name: string): string | undefined {
        const error = this.errors.find((one) => one.field === name);
        return error && told(error);
    }
}

/** No answer came, also after trying again. */
export class NetworkError extends Error {
    constructor() {
        super('network');
        this.name = 'NetworkError';
    }
}

export interface ApiOptions {
    readonly bearer?: string;
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
    /** Called before each new attempt, so that the page can say so. */
    readonly onRetry?: (attempt: number) => void;
}

const TIMEOUT_MS = 20_000;
const PAUSES_MS = [600, 2000, 5000];

let csrfToken: string | null = null;

/** From the session's `csrf`; sent with everything but GET. */
export function setCsrf(token: string | null): void {
    csrfToken = token;
}

export function newIdempotencyKey(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** "/masalah/slot-taken" or "https://…/slot-taken" -> "slot-taken" */
export function problemName(type: unknown): string {
    return typeof type === 'string' ? (type.split('/').pop() ?? '') : '';
}

export function problemFrom(status: number, body: unknown, retryAfter: string | null): ApiProblem {
    const data = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const errors = Array.isArray(data.errors) ? (data.errors as FieldError[]) : [];
    const type = problemName(data.type) || `http-${status}`;
    const retryAfterS = Math.max(0, Number(retryAfter) || 0);
    const title = text(data.title);
    return new ApiProblem(status, type, title, text(data.detail) || title, errors, retryAfterS, data);
}

function headersFor(method: string, body: unknown, options: ApiOptions): Headers {
    const headers = new Headers({ Accept: 'application/json', 'Accept-Language': getLang() });
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    if (options.bearer) headers.set('Authorization', `Bearer ${options.bearer}`);
    if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey);
    if (method !== 'GET' && csrfToken) headers.set('X-CSRF-Token', csrfToken);
    return headers;
}

async function attempt(
    method: string,
    path: string,
    body: unknown,
    options: ApiOptions,
): Promise<{ response: Response; data: unknown }> {
    const abort = new AbortController();
    const stop = () => abort.abort();
    const timer = setTimeout(stop, TIMEOUT_MS);
    options.signal?.addEventListener('abort', stop);
    try {
        const response = await fetch(path, {
            method,
            headers: headersFor(method, body, options),
            body: JSON.stringify(body), // of undefined: none
            credentials: 'same-origin',
            cache: 'no-store',
            signal: abort.signal,
        });
        return { response, data: await readJson(response) };
    } finally {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', stop);
    }
}

function pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

async function readJson(response: Response): Promise<unknown> {
    const text = await response.text();
    if (text === '') return null;
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return null;
    }
}

export async function request<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options: ApiOptions = {},
): Promise<T> {
    const harmless = method !== 'POST' || options.idempotencyKey !== undefined;
    for (let tried = 0; ; tried++) {
        const mayRetry = harmless && tried < PAUSES_MS.length;
        try {
            const { response, data } = await attempt(method, path, body, options);
            if (response.ok) return data as T;
            const problem = problemFrom(response.status, data, response.headers.get('Retry-After'));
            if (response.status < 502 || response.status > 504 || !mayRetry) throw problem;
        } catch (error) {
            if (error instanceof ApiProblem) throw error;
            if (options.signal?.aborted) throw error;
            if (!mayRetry) throw new NetworkError();
        }
        options.onRetry?.(tried + 1);
        await pause(PAUSES_MS[tried] ?? 0);
    }
}

export const api = {
    get: <T>(path: string, options?: ApiOptions) => request<T>('GET', path, undefined, options),
    post: <T>(path: string, body?: unknown, options?: ApiOptions) =>
        request<T>('POST', path, body, options),
    remove: <T = null>(path: string, options?: ApiOptions) =>
        request<T>('DELETE', path, undefined, options),
};
