// SPDX-License-Identifier: Apache-2.0
// The one loud moment: two rising tones and a buzz until the patient answers.

const TONES_HZ = [660, 880];
const TONE_S = 0.28;
const REPEAT_MS = 2400;
const BUZZ = [400, 200, 400];

export class Ringer {
    private context: AudioContext | null = null;
    private timer: ReturnType<typeof setInterval> | null = null;

    /** In a tap: browsers let a page make sound only after one. */
    unlock(): void {
        if (typeof AudioContext !== 'function') return;
        this.context ??= new AudioContext();
        this.resume();
    }

    start(): void {
        if (this.timer !== null) return;
        this.ring();
        this.timer = setInterval(() => this.ring(), REPEAT_MS);
    }

    stop(): void {
        if (this.timer === null) return;
        clearInterval(this.timer);
        this.timer = null;
        navigator.vibrate?.(0);
    }

    private resume(): void {
        /* Refused without a tap: the buzz and the full-screen colour remain. */
        if (this.context?.state === 'suspended') this.context.resume().catch(() => undefined);
    }

    private ring(): void {
        navigator.vibrate?.(BUZZ);
        const context = this.context;
        if (!context) return;
        this.resume();
        TONES_HZ.forEach((hz, index) => {
            const start = context.currentTime + index * TONE_S;
            const oscillator = context.createOscillator();
            const gain = context.createGain();
            oscillator.frequency.value = hz;
            gain.gain.setValueAtTime(0, start);
            gain.gain.linearRampToValueAtTime(0.6, start + 0.02);
            gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
            oscillator.connect(gain).connect(context.destination);
            oscillator.start(start);
            oscillator.stop(start + TONE_S);
        });
    }
}
