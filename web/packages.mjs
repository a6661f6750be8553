// SPDX-License-Identifier: Apache-2.0
// Installs the packages of the lock file when they are missing or older than it: node packages.mjs NPM
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(fileURLToPath(import.meta.url));
const installed = join(ROOT, 'node_modules', '.package-lock.json');
const lock = join(ROOT, 'package-lock.json');

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
    const run = spawnSync(process.argv[2] ?? 'npm', ['ci'], { cwd: ROOT, stdio: 'inherit' });
    process.exitCode = run.status ?? 1;
}
