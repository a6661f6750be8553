// SPDX-License-Identifier: Apache-2.0
// Runs in the page: what can be seen to be wrong with its layout, as sentences. Nothing about taste.
// A function expression, evaluated as such.
(() => {
    const CONTROLS = 'a[href], button, input, select, textarea, summary, [role=button], [role=radio]';
    const LEAST_PX = 24; /* WCAG 2.5.8 */
    const faults = [];

    const dialogs = document.querySelectorAll('dialog[open], [aria-modal=true]');
    const root = dialogs[dialogs.length - 1] ?? document.body;

    function nameOf(element) {
        const id = element.dataset.testid ?? element.id;
        const words = (element.innerText || element.getAttribute('aria-label') || '').trim().slice(0, 40);
        return `${element.tagName.toLowerCase()}${id ? `#${id}` : ''} "${words.replace(/\s+/g, ' ')}"`;
    }

    function isSeen(element) {
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const hidden = style.visibility !== 'visible' || style.display === 'none' || style.opacity === '0';
        return !hidden && box.width > 1 && box.height > 1 && !isForReaders(element) && !isFolded(element);
    }

    /** What is folded away still has a box in Chromium. */
    function isFolded(element) {
        return element.closest('details:not([open]) > :not(summary)') !== null;
    }

    /** Words for screen readers alone are clipped to a pixel. */
    function isForReaders(element) {
        return element.closest('.hidden-words') !== null;
    }

    /** The nearest ancestor that scrolls sideways: what is inside may be wider than the page. */
    function scrollsSideways(element) {
        for (let at = element.parentElement; at; at = at.parentElement) {
            if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) {
                return at !== document.documentElement && at !== document.body;
            }
        }
        return false;
    }

    function isPinned(element) {
        for (let at = element; at && at !== root; at = at.parentElement) {
            if (/fixed|sticky/.test(getComputedStyle(at).position)) return true;
        }
        return false;
    }

    function hasOwnWords(element) {
        return [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    }

    function checkPage() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} px wide in ${clientWidth}`);
        if (root !== document.body && !isSeen(root)) faults.push(`${nameOf(root)} is open and not to be seen`);
    }

    function checkEdges(element) {
        const box = element.getBoundingClientRect();
        if (scrollsSideways(element)) return;
        if (box.left < -1 || box.right > innerWidth + 1) {
            faults.push(`${nameOf(element)} reaches from ${box.left} to ${box.right} of ${innerWidth}`);
        }
    }

    function checkClipping(element) {
        const style = getComputedStyle(element);
        const scrolls = /auto|scroll/.test(style.overflowX) || /auto|scroll/.test(style.overflowY);
        /* A field's text moves under the finger; its box is held by the other checks. */
        if (scrolls || style.display === 'inline' || element.tagName === 'INPUT') return;
        const wide = element.scrollWidth - element.clientWidth;
        const tall = element.scrollHeight - element.clientHeight;
        if (wide > 1) faults.push(`${nameOf(element)} is cut off by ${wide} px`);
        if (tall > 3 && style.overflowY !== 'visible') faults.push(`${nameOf(element)} is cut by ${tall} px below`);
    }

    function checkSize(element) {
        const box = (element.closest('label') ?? element).getBoundingClientRect();
        const inline = element.tagName === 'A' && getComputedStyle(element).display === 'inline';
        if (!inline && Math.min(box.width, box.height) < LEAST_PX) {
            faults.push(`${nameOf(element)} is only ${Math.round(box.width)} by ${Math.round(box.height)}`);
        }
    }

    function overlap(a, b) {
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        return width > 1 && height > 1;
    }

    /** Controls must not lie on each other. What is pinned may lie on what scrolls below it. */
    function checkOverlaps(controls) {
        const boxes = controls.map((element) => [element, element.getBoundingClientRect(), isPinned(element)]);
        boxes.forEach(([a, boxA, pinnedA], i) => {
            for (const [b, boxB, pinnedB] of boxes.slice(i + 1)) {
                if (pinnedA !== pinnedB || a.contains(b) || b.contains(a)) continue;
                if (overlap(boxA, boxB)) faults.push(`${nameOf(a)} and ${nameOf(b)} overlap`);
            }
        });
    }

    checkPage();
    const controls = [...root.querySelectorAll(CONTROLS)].filter(isSeen);
    const worded = [...root.querySelectorAll('*')].filter((one) => hasOwnWords(one) && isSeen(one));
    for (const element of new Set([...controls, ...worded])) {
        if (element.closest('svg')) continue;
        checkEdges(element);
        checkClipping(element);
    }
    controls.forEach(checkSize);
    checkOverlaps(controls);
    return faults;
})()
