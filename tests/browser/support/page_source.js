// SPDX-License-Identifier: Apache-2.0
// Firefox plays no file as its camera: this takes its place in the page, with the same coded pictures
// as support/media_files.mjs writes. window.codedParty is the party's number.
(() => {
    const GRID = { columns: 6, rows: 4 };
    const BLOCK = { width: 60, height: 50 };
    const FPS = 20;

    function draw(pen, number, party) {
        const checksum = ((number * 16 + party) * 2654435761) >>> 20;
        const bits = (number << 16) | (party << 12) | checksum;
        for (let i = 0; i < GRID.columns * GRID.rows; i++) {
            const bit = (bits >>> (GRID.columns * GRID.rows - 1 - i)) & 1;
            pen.fillStyle = bit ? 'white' : 'black';
            const row = Math.floor(i / GRID.columns);
            pen.fillRect((i % GRID.columns) * BLOCK.width, row * BLOCK.height, BLOCK.width, BLOCK.height);
        }
    }

    function pictures(party) {
        const canvas = document.createElement('canvas');
        canvas.width = GRID.columns * BLOCK.width;
        canvas.height = GRID.rows * BLOCK.height;
        const pen = canvas.getContext('2d');
        let number = 0;
        draw(pen, 0, party);
        const track = canvas.captureStream(FPS).getVideoTracks()[0];
        setInterval(() => draw(pen, (number = (number + 1) % 256), party), 1000 / FPS);
        return track;
    }

    /* The tone is Firefox's own fake microphone. Without the camera Firefox offers no loopback address,
     * so that is kept open, too. */
    const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const kept = [];
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await native(wanted);
        kept.push(stream);
        const picture = wanted.video ? [pictures(window.codedParty)] : [];
        return new MediaStream([...stream.getAudioTracks(), ...picture]);
    };
})();
