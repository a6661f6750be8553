// SPDX-License-Identifier: Apache-2.0
// Builds the pages: node build.mjs --out DIR [--no-check] [--dev]
//
// DIR/assets/NAME-HASH.{js,css,svg,json}, DIR/pages/NAME.html, each also as .br and .gz; DIR/manifest.json
// says what is served under which path; DIR/web.gresource.xml packs all of it for the program.
// A type error (a missing string is one) or a page over its budget fails the build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import { pageHtml } from './page.mjs';

const ROOT = dirname(fileURLToPath(import.meta.url));

/* Budget: gzip bytes of the first load, everything included (house-style 14). English: catalogues that are not of the
 * first load, by the names under which the page asks for them. */
const ENTRIES = [
    { name: 'patient', source: 'patient/main.tsx', title: 'Kunjungan dokter', budget: 40_000,
        english: { common: 'shared/strings/en.ts', dates: 'shared/strings/dates.en.ts', patient: 'shared/strings/patient.en.ts' } },
    { name: 'public', source: 'public/main.tsx', title: 'Daftar periksa', budget: 40_000 },
    { name: 'board', source: 'board/main.tsx', title: 'Papan antrean', budget: 40_000 },
    { name: 'move', source: 'move/main.tsx', title: 'Pindah atau batal', budget: 40_000 },
    { name: 'wait', source: 'wait/main.tsx', title: 'Daftar tunggu', budget: 21_000 },
    { name: 'error', source: 'public/error.tsx', title: 'Halaman tidak ditemukan', budget: 20_000 },
    { name: 'doctor', source: 'doctor/main.tsx', title: 'Dokter' },
    { name: 'desk', source: 'desk/main.tsx', title: 'Loket' },
    { name: 'register', source: 'register/main.tsx', title: 'Daftarkan pasien' },
    { name: 'group', source: 'group/main.tsx', title: 'Kelas bersama' },
    { name: 'people', source: 'people/main.tsx', title: 'Pasien ganda' },
    { name: 'counter', source: 'counter/main.tsx', title: 'Loket kecamatan' },
    { name: 'office', source: 'office/main.tsx', title: 'Kantor' },
    { name: 'letters', source: 'letters/main.tsx', title: 'Surat saya', budget: 20_000 },
    { name: 'check', source: 'check/main.tsx', title: 'Periksa surat', budget: 20_000 },
    { name: 'hours', source: 'hours/main.tsx', title: 'Jam praktik' },
    { name: 'setup', source: 'setup/main.tsx', title: 'Mulai' },
    { name: 'outreach', source: 'outreach/main.tsx', title: 'Pos jemput bola' },
    { name: 'settings', source: 'settings/main.tsx', title: 'Pengaturan' },
    { name: 'incidents', source: 'incidents/main.tsx', title: 'Kejadian' },
    { name: 'ask', source: 'ask/main.tsx', title: 'Tanya dokter' },
    { name: 'staff', source: 'staff/main.tsx', title: 'Masuk' },
];

/* Not in a first load: it is fetched beside it and runs on a thread of its own. */
const WORKER = 'shared/red_worker.ts';

/* Nor this: only for whom has still to agree. Its style is the page's. */
const CONSENT = 'patient/consent_card.tsx';

/* Served at /pos-sw.js: the outreach page without a network. */
const SERVICE_WORKER = 'outreach/sw.ts';

const TYPES = {
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    svg: 'image/svg+xml',
    json: 'application/json; charset=utf-8',
    html: 'text/html; charset=utf-8',
};

function arguments_() {
    const args = process.argv.slice(2);
    const out = args.indexOf('--out');
    if (out < 0 || !args[out + 1]) {
        throw new Error('usage: node build.mjs --out DIR [--no-check] [--dev]');
    }
    return {
        out: resolve(args[out + 1]),
        check: !args.includes('--no-check'),
        dev: args.includes('--dev'),
    };
}

function checkTypes() {
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const run = spawnSync(tsc, ['--noEmit', '--pretty', 'false'], { cwd: ROOT, encoding: 'utf8' });
    if (run.error) throw run.error;
    if (run.status !== 0) throw new Error(`types do not check:\n${run.stdout}${run.stderr}`);
}

function optionsOf(out, dev) {
    return {
        absWorkingDir: ROOT,
        outdir: join(out, 'assets'),
        publicPath: '/assets',
        entryNames: '[name]-[hash]',
        assetNames: '[name]-[hash]',
        bundle: true,
        minify: !dev,
        metafile: true,
        write: false,
        format: 'iife',
        target: ['chrome80', 'firefox78', 'safari15'],
        /* Chrome 80 to 90 know it all but for spread arguments behind it, which checkChains() refuses. */
        supported: { 'optional-chain': true },
        charset: 'utf8',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        legalComments: 'none',
        loader: { '.svg': 'file' },
        logLevel: 'warning',
    };
}

/** Where the worker is, before the pages that name it. */
async function bundleWorker(out, dev) {
    const options = { ...optionsOf(out, dev), entryPoints: { red: WORKER } };
    const { outputFiles } = await build(options);
    return outputFiles.find((file) => file.path.endsWith('.js'));
}

async function bundleConsent(out, dev) {
    const define = { RED_WORKER_URL: '""', ENGLISH_URL: '""', CONSENT_URL: '""' };
    const options = { ...optionsOf(out, dev), entryPoints: { consent: CONSENT }, define, loader: { '.css': 'empty', '.svg': 'file' } };
    const { outputFiles } = await build(options);
    return outputFiles.find((file) => file.path.endsWith('.js'));
}

/** A page's English as JSON: {path, content}. */
async function bundleEnglish({ name, english }) {
    const words = {};
    for (const [catalogue, source] of Object.entries(english)) {
        const { outputFiles } = await build({ absWorkingDir: ROOT, entryPoints: [source], bundle: true, write: false, format: 'esm' });
        const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
        words[catalogue] = module.en;
    }
    const content = Buffer.from(JSON.stringify(words));
    return { path: `assets/${name}-en-${hashOf(content)}.json`, content };
}

function hashOf(content) {
    return createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase();
}

/** Without the icons that the page names nowhere: `name:"M…"` of shared/widgets/icon.tsx, where no string is that name. */
function withNamedIcons(code) {
    const pieces = code.split('"');
    return code.replace(/(?<=[{,])("?)([a-z][a-z-]*)\1:"M\d[^"]*",/g, (whole, quote, name) => {
        const uses = pieces.filter((piece) => piece === name).length;
        return uses > quote.length ? whole : '';
    });
}

/**
 * Names that TypeScript says nobody else uses: of `private` members. Only those that stand in no other file of the bundle
 * and, in their own, never on another object than `this`, nor as a key of a literal: what goes into messages keeps its name.
 */
function privateNames(paths) {
    const sources = paths.filter((path) => /\.tsx?$/.test(path)).map((path) => readFileSync(join(ROOT, path), 'utf8'));
    const declared = /\bprivate (?:(?:static|readonly|async|get|set) )*(\w+)/g;
    const files = sources.map((text) => ({
        names: new Set([...text.matchAll(declared)].map((match) => match[1])),
        rest: text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').replace(declared, ''),
    }));
    const isOwn = ({ names, rest }, name) => {
        if (!names.has(name)) return !new RegExp(`\\b${name}\\b`).test(rest);
        const others = rest.replace(/\{[\w\s,:]*\}(?= = this\b)/g, '').replace(new RegExp(`\\bthis\\??\\.${name}\\b`, 'g'), '');
        return !new RegExp(`\\.${name}\\b|['"]${name}['"]|[{,]\\s*${name}\\s*[,}:?]`).test(others);
    };
    const all = new Set(files.flatMap(({ names }) => [...names]));
    return [...all].filter((name) => files.every((file) => isOwn(file, name)));
}

/**
 * For a page with a budget: esbuild changes one statement at a time, this also what several make of each other (a fortieth
 * less), and private members have short names. `hoists`: functions stand together, a hundred bytes less of the patient's
 * page, more of others.
 */
async function shorter(code, paths, hoists) {
    const compress = { passes: 3, ecma: 2019, hoist_funs: hoists, inline: 1, lhs_constants: false };
    const mangle = { properties: { regex: new RegExp(`^(?:${privateNames(paths).join('|')})$`), keep_quoted: 'strict' } };
    return Buffer.from((await minify(withNamedIcons(code), { compress, mangle, ecma: 2019 })).code);
}

async function bundlePages(entries, out, dev, urls) {
    return build({
        ...optionsOf(out, dev),
        entryPoints: Object.fromEntries(entries.map((e) => [e.name, e.source])),
        define: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, JSON.stringify(url)])),
    });
}

async function bundle(entries, out, dev) {
    const worker = await bundleWorker(out, dev);
    const consent = await bundleConsent(out, dev);
    const files = new Map();
    const outputs = new Map();
    const urlOf = (file) => `/assets/${file.path.split('/').pop()}`;
    const urls = { RED_WORKER_URL: urlOf(worker), CONSENT_URL: urlOf(consent), ENGLISH_URL: '' };
    const results = [await bundlePages(entries.filter((e) => !e.english), out, dev, urls)];
    for (const entry of entries.filter((e) => e.english)) {
        const { path, content } = await bundleEnglish(entry);
        files.set(path, content);
        results.push(await bundlePages([entry], out, dev, { ...urls, ENGLISH_URL: `/${path}` }));
    }
    for (const file of [worker, consent, ...results.flatMap((result) => result.outputFiles)]) {
        files.set(`assets/${file.path.split('/').pop()}`, Buffer.from(file.contents));
    }
    for (const { name, budget, english } of entries) {
        if (dev || !budget) continue;
        const path = [...files.keys()].find((one) => one.startsWith(`assets/${name}-`) && one.endsWith('.js'));
        const made = results.flatMap((result) => Object.entries(result.metafile.outputs)).find(([one]) => one.endsWith(path));
        files.set(path, await shorter(String(files.get(path)), Object.keys(made[1].inputs), english !== undefined));
    }
    for (const [path, output] of results.flatMap((result) => Object.entries(result.metafile.outputs))) {
        if (!output.entryPoint) continue;
        outputs.set(output.entryPoint, {
            js: `assets/${path.split('/').pop()}`,
            css: output.cssBundle ? `assets/${output.cssBundle.split('/').pop()}` : null,
        });
    }
    return { files, outputs };
}

/** `a?.b(...c)` passes wrong arguments in Chrome 80 to 90. */
function checkChains(files) {
    for (const [path, content] of files) {
        if (!path.endsWith('.js')) continue;
        const found = /\?\.[\w.?$]*\((?:[^()]*,)?\.\.\..{0,20}/.exec(String(content));
        if (found) throw new Error(`${path}: spread arguments behind an optional chain: ${found[0]}`);
    }
}

function addIcon(files) {
    const icon = readFileSync(join(ROOT, 'shared', 'icon.svg'));
    const path = `assets/icon-${hashOf(icon)}.svg`;
    files.set(path, icon);
    return path;
}

/** Knows what makes up the page, by names that change with the contents. */
async function addServiceWorker(files, load, { out, dev }) {
    const assets = load.filter((path) => path.startsWith('assets/'));
    const version = createHash('sha256').update(load.map((path) => files.get(path)).join('\n')).digest('hex').slice(0, 16);
    const { outputFiles } = await build({ ...optionsOf(out, dev), entryPoints: { sw: SERVICE_WORKER },
        define: { SHELL_FILES: JSON.stringify(['/pos', ...assets.map((path) => `/${path}`)]), SHELL_VERSION: JSON.stringify(version) } });
    files.set('root/pos-sw.js', Buffer.from(outputFiles.find((file) => file.path.endsWith('.js')).contents));
}

function compressed(content) {
    const brotli = brotliCompressSync(content, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    });
    return { br: brotli, gz: gzipSync(content, { level: 9 }) };
}

function writeAll(out, files) {
    const manifest = { files: {} };
    const sizes = new Map();
    const names = [];
    for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const variants = compressed(content);
        mkdirSync(dirname(join(out, path)), { recursive: true });
        writeFileSync(join(out, path), content);
        writeFileSync(join(out, `${path}.br`), variants.br);
        writeFileSync(join(out, `${path}.gz`), variants.gz);
        names.push(path, `${path}.br`, `${path}.gz`);
        sizes.set(path, variants.gz.length);
        manifest.files[path] = {
            type: TYPES[path.split('.').pop()],
            etag: createHash('sha256').update(content).digest('hex').slice(0, 16),
            immutable: path.startsWith('assets/'),
            br: `${path}.br`,
            gzip: `${path}.gz`,
        };
    }
    writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    const rows = ['manifest.json', ...names].map((name) => `    <file>${name}</file>`).join('\n');
    writeFileSync(
        join(out, 'web.gresource.xml'),
        `<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n  <gresource prefix="/huyula/web">\n${rows}\n  </gresource>\n</gresources>\n`,
    );
    return sizes;
}

function checkBudgets(entries, loads, sizes) {
    const over = [];
    for (const entry of entries) {
        const total = loads.get(entry.name).reduce((sum, path) => sum + sizes.get(path), 0);
        const budget = entry.budget ? ` of ${entry.budget}` : '';
        console.log(`${entry.name.padEnd(8)} first load ${total} bytes gzip${budget}`);
        if (entry.budget && total > entry.budget) over.push(entry.name);
    }
    if (over.length > 0) throw new Error(`over the budget: ${over.join(', ')}`);
}

async function main() {
    const options = arguments_();
    const entries = ENTRIES.filter((entry) => existsSync(join(ROOT, entry.source)));
    if (options.check) checkTypes();
    rmSync(join(options.out, 'assets'), { recursive: true, force: true });
    rmSync(join(options.out, 'root'), { recursive: true, force: true });
    rmSync(join(options.out, 'pages'), { recursive: true, force: true });
    const { files, outputs } = await bundle(entries, options.out, options.dev);
    checkChains(files);
    const icon = addIcon(files);
    const shared = [...files.keys()].filter((path) => path.endsWith('.svg'));
    const loads = new Map();
    for (const entry of entries) {
        const { js, css } = outputs.get(entry.source);
        const page = `pages/${entry.name}.html`;
        files.set(page, Buffer.from(pageHtml({ title: entry.title, js, css, icon })));
        loads.set(entry.name, [page, js, ...(css ? [css] : []), ...shared]);
    }
    await addServiceWorker(files, loads.get('outreach'), options);
    const sizes = writeAll(options.out, files);
    if (!options.dev) checkBudgets(entries, loads, sizes);
}

main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});
