// SPDX-License-Identifier: Apache-2.0
// A page whose pictures are paused by word: what the server says of them is changed on its way, nothing else is.

export class PausedPictures {
    /** Before the page is opened. */
    static async on(page) {
        const self = new PausedPictures();
        self.page = page;
        self.states = new Map();
        self.mids = new Set();
        await page.routeWebSocket(/\/ws$/, (socket) => {
            const server = socket.connectToServer();
            server.onMessage((data) => socket.send(self.changed(data, socket)));
        });
        return self;
    }

    changed(data, socket) {
        const message = JSON.parse(data);
        if (message.type !== 'picture') return data;
        this.socket = socket; // a page may have another one, of the day
        this.mids.add(message.mid);
        return JSON.stringify({ ...message, state: this.states.get(message.mid) ?? message.state });
    }

    /** From now on the small picture is in STATE. */
    async tile(state) {
        this.say(await this.tileMid(), state);
    }

    /** The large one. */
    async stage(state) {
        const mid = await this.tileMid();
        for (const other of this.mids) if (other !== mid) this.say(other, state);
    }

    /** Each that comes in. */
    all(state) {
        for (const mid of this.mids) this.say(mid, state);
    }

    async tileMid() {
        this.small ??= (await this.page.locator('[data-testid="tile"] video').getAttribute('data-testid')).slice('remote-'.length);
        return this.small;
    }

    say(mid, state) {
        this.states.set(mid, state);
        this.socket.send(JSON.stringify({ type: 'picture', mid, state }));
    }

    /** All move again, and the next small picture may be another one's. */
    moving() {
        for (const mid of this.states.keys()) this.say(mid, 'moving');
        this.states.clear();
        this.small = null;
    }
}
