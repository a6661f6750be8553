// SPDX-License-Identifier: Apache-2.0
// One outlined set on a 24 px grid. Icons never stand alone for meaning: a word is beside them.

const PATHS = {
    back: 'M15 5l-7 7 7 7',
    calendar: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
    camera: 'M3 7h12v10H3zM15 11l6-3v8l-6-3',
    'camera-off': 'M3 7h12v10H3zM15 11l6-3v8l-6-3M3 3l18 18',
    check: 'M4 12.5l5.5 5.5L20 7',
    clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
    close: 'M6 6l12 12M18 6L6 18',
    copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
    flip: 'M4 9a8 8 0 0 1 14-3l2 2M20 4v4h-4M20 15a8 8 0 0 1-14 3l-2-2M4 20v-4h4',
    globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
    hand: 'M8 12V5a1.5 1.5 0 0 1 3 0v6V4a1.5 1.5 0 0 1 3 0v7V6a1.5 1.5 0 0 1 3 0v8c0 4-2 7-5.5 7S7 19 4 14a1.5 1.5 0 0 1 2.5-1.5L8 14z',
    hospital: 'M5 21V5h14v16M3 21h18M12 8v6M9 11h6M10 21v-4h4v4',
    info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.5v.5',
    link: 'M10 14a4 4 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1',
    mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3',
    'mic-off': 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3M3 3l18 18',
    next: 'M9 5l7 7-7 7',
    person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 4-6 8-6s8 2 8 6',
    phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
    'phone-down': 'M3 14c5-5.5 13-5.5 18 0l-2.5 3-4-1.5V13a10 10 0 0 0-5 0v2.5l-4 1.5z',
    print: 'M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z',
    screen: 'M3 5h18v11H3zM8 20h8M12 16v4',
    'person-add': 'M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM2 21c0-4 4-6 8-6 2 0 4 .5 5.5 1.5M19 14v7M15.5 17.5h7',
    share: 'M12 15V3M8 7l4-4 4 4M5 12v8h14v-8',
    signal: 'M5 19v-4M10 19v-7M15 19V9M20 19V5',
    sound: 'M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6a8 8 0 0 1 0 12',
    warning: 'M12 4L2.5 20h19zM12 10v5M12 17.3v.4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
    return (
        <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true"
            focusable="false">
            <path d={PATHS[name]} />
        </svg>
    );
}
