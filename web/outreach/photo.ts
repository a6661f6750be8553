// SPDX-License-Identifier: Apache-2.0
// A camera's picture made small enough for a poor link, and without what cameras write beside it (place, time).
export const MAX_PHOTOS = 3;

/** So many bytes at most; the longer side is at most the first of these pixels that is small enough. */
export interface PictureLimits {
    readonly maxBytes: number;
    readonly sides: readonly number[];
}
const LIMITS: PictureLimits = { maxBytes: 160 * 1024, sides: [1280, 960, 640] };
const QUALITIES = [0.8, 0.6, 0.4] as const;

async function pictureOf(file: Blob): Promise<HTMLImageElement> {
    const url = URL.createObjectURL(file);
    try {
        const image = new Image();
        image.src = url;
        await image.decode();
        return image;
    } finally {
        URL.revokeObjectURL(url);
    }
}

function encoded(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> {
    return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

function drawn(image: HTMLImageElement, side: number): HTMLCanvasElement {
    const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
}

/** WebP or JPEG that the server takes; rejects for what is no picture. */
export async function shrunk(file: Blob, limits: PictureLimits = LIMITS): Promise<Blob> {
    const image = await pictureOf(file);
    for (const side of limits.sides) {
        const canvas = drawn(image, side);
        for (const quality of QUALITIES) {
            const webp = await encoded(canvas, 'image/webp', quality);
            /* Browsers that cannot write WebP give a PNG instead. */
            const blob = webp?.type === 'image/webp' ? webp : await encoded(canvas, 'image/jpeg', quality);
            if (blob && blob.size <= limits.maxBytes) return blob;
        }
    }
    throw new Error('picture');
}
