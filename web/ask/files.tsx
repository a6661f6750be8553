// SPDX-License-Identifier: Apache-2.0
// Photos and PDFs that go with what is written: photos made small enough, all sent one by one before it.
import { useEffect, useState } from 'preact/hooks';
import { shrunk, type PictureLimits } from '../outreach/photo';
import { base64 } from '../outreach/sender';
import { newUuid } from '../outreach/uuid';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { FieldError } from '../shared/widgets/field';
import { Icon } from '../shared/widgets/icon';
import { k, sizeWords } from './words';

const MAX_FILES = 4;
const MAX_PDF_BYTES = 1024 * 1024;
/* Skin and X-rays are looked at closely: larger than a photo of a post. */
const PICTURE: PictureLimits = { maxBytes: 600 * 1024, sides: [1920, 1600, 1280, 960] };

export interface Picked {
    readonly id: string;
    readonly blob: Blob;
    readonly isPdf: boolean;
}

type Refusal = 'form.file_too_large' | 'form.file_not_picture';

async function picked(file: File): Promise<Picked | Refusal> {
    const isPdf = (await file.slice(0, 5).text()) === '%PDF-';
    if (isPdf && file.size > MAX_PDF_BYTES) return 'form.file_too_large';
    try {
        return { id: newUuid(), isPdf, blob: isPdf ? file : await shrunk(file, PICTURE) };
    } catch {
        return 'form.file_not_picture';
    }
}

/** Sends all; what is there already is fine. Gives their ids. */
export async function sendFiles(files: readonly Picked[], onFile: (n: number) => void): Promise<readonly string[]> {
    for (const [i, one] of files.entries()) {
        onFile(i + 1);
        const data = base64(await one.blob.arrayBuffer());
        await api.post('/api/v1/consult-files', { id: one.id, data }, { idempotencyKey: one.id });
    }
    return files.map((one) => one.id);
}

interface Props {
    readonly files: readonly Picked[];
    readonly onFiles: (files: readonly Picked[]) => void;
    readonly error?: string | undefined;
}

export function FileFields({ files, onFiles, error }: Props) {
    const [failed, setFailed] = useState<Refusal | null>(null);
    const add = (file: File | undefined) => {
        setFailed(null);
        if (!file) return;
        void picked(file).then((one) => {
            if (typeof one === 'string') setFailed(one);
            else onFiles([...files, one]);
        });
    };
    return (
        <fieldset class="ask-files">
            <legend class="label">{k('form.files')}</legend>
            <p class="hint">{k('form.files_hint')}</p>
            <div class="ask-file-row">
                {files.map((one, i) => (
                    <div class="ask-file" key={one.id} data-testid="picked">
                        {one.isPdf ? (
                            <span class="ask-pdf">
                                <Icon name="print" /> {k('form.file_pdf', { size: sizeWords(one.blob.size) })}
                            </span>
                        ) : (
                            <Thumbnail blob={one.blob} alt={k('form.file_alt', { n: i + 1 })} />
                        )}
                        <Button icon="close" label={k('form.file_remove', { n: i + 1 })}
                            onClick={() => onFiles(files.filter((other) => other.id !== one.id))}>
                            {''}
                        </Button>
                    </div>
                ))}
                {files.length < MAX_FILES && (
                    <label class="button ask-add-file">
                        <input type="file" accept="image/*,application/pdf" class="hidden-words" data-testid="file-input"
                            onChange={(event) => {
                                add(event.currentTarget.files?.[0]);
                                event.currentTarget.value = '';
                            }} />
                        <span>{k('form.file_add')}</span>
                    </label>
                )}
            </div>
            <FieldError id="files-error" text={failed === null ? error : k(failed)} />
        </fieldset>
    );
}

function Thumbnail({ blob, alt }: { readonly blob: Blob; readonly alt: string }) {
    const [url, setUrl] = useState('');
    useEffect(() => {
        const made = URL.createObjectURL(blob);
        setUrl(made);
        return () => URL.revokeObjectURL(made);
    }, [blob]);
    return url === '' ? null : <img src={url} alt={alt} />;
}
