// SPDX-License-Identifier: Apache-2.0
// Runs every *.test.ts of this folder: compiled by esbuild into a temporary folder, run by node --test.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(fileURLToPath(import.meta.url));

function testsBelow(folder) {
    const found = [];
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.name === 'node_modules') continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) found.push(...testsBelow(path));
        else if (/\.test\.tsx?$/.test(entry.name)) found.push(path);
    }
    return found;
}

const out = mkdtempSync(join(tmpdir(), 'huyula-web-'));
try {
    await build({
        absWorkingDir: ROOT,
        entryPoints: testsBelow(ROOT),
        outdir: out,
        outbase: ROOT,
        outExtension: { '.js': '.mjs' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node18',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        sourcemap: 'inline',
        loader: { '.svg': 'empty', '.css': 'empty' },
        define: { ENGLISH_URL: '""', REPOSITORY: JSON.stringify(join(ROOT, '..')) },
        logLevel: 'warning',
    });
    const files = readdirSync(out, { withFileTypes: true });
    const compiled = [];
    const walk = (folder, entries) => {
        for (const entry of entries) {
            const path = join(folder, entry.name);
            if (entry.isDirectory()) walk(path, readdirSync(path, { withFileTypes: true }));
            else if (entry.name.endsWith('.test.mjs')) compiled.push(path);
        }
    };
    walk(out, files);
    const run = spawnSync(process.execPath, ['--test', ...compiled], { stdio: 'inherit' });
    process.exitCode = run.status ?? 1;
} finally {
    rmSync(out, { recursive: true, force: true });
}
