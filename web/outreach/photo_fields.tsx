// SPDX-License-Identifier: Apache-2.0
// The photos of one patient: taken with the tablet's camera, made small, shown small.
import { useEffect, useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import type { Picture } from './draft';
import { MAX_PHOTOS, shrunk } from './photo';
import { newUuid } from './uuid';
import type { Vault } from './vault';
import { o } from './words';

interface Props {
    readonly vault: Vault;
    /** Of the entry, and those of a draft of it. */
    readonly own: readonly string[];
    readonly known: readonly string[];
    /** So many the server has already. */
    readonly nSent: number;
    /** null: not read yet. */
    readonly pictures: readonly Picture[] | null;
    readonly onRead: (pictures: readonly Picture[]) => void;
    readonly onAdd: (picture: Picture) => void;
    readonly onRemove: (id: string) => void;
}

export function PhotoFields({ vault, own, known, nSent, pictures, onRead, onAdd, onRemove }: Props) {
    const [failed, setFailed] = useState(false);
    useEffect(() => {
        void Promise.all(known.map(async (id): Promise<Picture[]> => {
            const data = await vault.photo(id);
            return data ? [{ id, blob: new Blob([data]), isNew: !own.includes(id) }] : [];
        })).then((found) => onRead(found.flat()));
    }, []);
    const add = (file: File | undefined) => {
        setFailed(false);
        if (!file) return;
        shrunk(file).then((blob) => onAdd({ id: newUuid(), blob, isNew: true }), () => setFailed(true));
    };
    return (
        <fieldset class="pos-photos">
            <legend class="label">{o('form.photos')}</legend>
            <div class="pos-photo-row">
                {pictures?.map((one, i) => (
                    <div class="pos-photo" key={one.id} data-testid="photo">
                        <Thumbnail blob={one.blob} alt={o('form.photo_alt', { n: i + 1 })} />
                        <Button icon="close" label={o('form.photo_remove', { n: i + 1 })}
                            onClick={() => onRemove(one.id)}>
                            {''}
                        </Button>
                    </div>
                ))}
                {pictures !== null && nSent + pictures.length < MAX_PHOTOS && (
                    <label class="button pos-add-photo">
                        <input type="file" accept="image/*" capture="environment" class="hidden-words" data-testid="photo-input"
                            onChange={(event) => {
                                add(event.currentTarget.files?.[0]);
                                event.currentTarget.value = '';
                            }} />
                        <span>{o('form.photo_add')}</span>
                    </label>
                )}
            </div>
            {nSent > 0 && <p class="hint" data-testid="photos-sent">{o('form.photos_sent', { n: nSent })}</p>}
            {failed && <Banner tone="danger">{o('form.photo_failed')}</Banner>}
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
