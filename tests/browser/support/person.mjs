// SPDX-License-Identifier: Apache-2.0
// A talking person as a camera's pictures, which fill a link; those of media_files.mjs are small.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { writePictures } from '../../netlab/sources.mjs';
import { unable } from './far_stage.mjs';

/** The file, until the test file ends: `fps` pictures a second, ten as up to three browsers share the machine. */
export function personFile(fps = 10) {
    const dir = mkdtempSync(path.join(tmpdir(), 'huyula-person-'));
    after(() => rmSync(dir, { recursive: true, force: true }));
    const file = path.join(dir, 'pictures.y4m');
    if (unable) return file;
    writePictures(file);
    const header = openSync(file, 'r+');
    writeSync(header, `YUV4MPEG2 W640 H360 F${fps}:1`, 0);
    closeSync(header);
    return file;
}
