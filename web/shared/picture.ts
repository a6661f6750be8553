// SPDX-License-Identifier: Apache-2.0
// Which of the incoming pictures is the other person's, whether it shows something, and why it does not. Pure.
import type { ParticipantView, PictureState } from './messages';
import type { RemoteTrack } from './peer';

/** The picture of PARTICIPANT; before it is known whose they are, the first. */
export function pictureOf(remotes: readonly RemoteTrack[], participant: string | undefined): RemoteTrack | null {
    const pictures = remotes.filter((remote) => remote.kind === 'video');
    const theirs = pictures.find((remote) => remote.participant === participant && participant !== undefined);
    return theirs ?? pictures.find((remote) => remote.participant !== null) ?? pictures[0] ?? null;
}

export interface Stage {
    /** Whose picture it is meant to be. */
    readonly person: string | undefined;
    readonly picture: RemoteTrack | null;
}

/** What fills the stage: the picture that was chosen, as long as there is one; else that of USUAL; else the first that
 * somebody sends, which is then that person's (an interpreter's hands beside a doctor without a camera). */
export function stageOf(remotes: readonly RemoteTrack[], pinned: string | null, usual: string | undefined): Stage {
    const chosen = remotes.find((one) => one.kind === 'video' && pinned !== null && one.participant === pinned);
    const picture = chosen ?? pictureOf(remotes, usual);
    return { person: picture?.participant ?? usual, picture };
}

/** They send one: of a camera or a screen. */
export function sendsPicture(person: ParticipantView | undefined): boolean {
    return person?.video === 'on' || person?.video === 'screen';
}

/** The person whose picture is meant to be there; null: not known (yet, or any more). */
export function personOn(stage: Stage, others: readonly ParticipantView[]): ParticipantView | null {
    return others.find((other) => other.id === stage.person) ?? null;
}

/** `moves`: frames came in the last seconds. A still stays on the screen until the next one. */
export function isShown(picture: PictureState, moves: boolean): boolean {
    switch (picture) {
        case 'stills':
            return true;
        case 'receiver-link':
        case 'sender-link':
            return false;
        case 'moving':
        case 'none':
            return moves;
    }
}

export type PictureWords = 'picture_receiver_link' | 'picture_sender_link' | 'picture_stills';

/** Why the picture REMOTE of PERSON does not move though it is sent; null: nothing to be said. */
export function pausedWords(remote: RemoteTrack | null, person: ParticipantView | null): PictureWords | null {
    return remote && (!person || sendsPicture(person)) ? pictureWords(remote.picture) : null;
}

/** The sentence (common words) that says why a picture does not move. */
export function pictureWords(picture: PictureState): PictureWords | null {
    switch (picture) {
        case 'receiver-link':
            return 'picture_receiver_link';
        case 'sender-link':
            return 'picture_sender_link';
        case 'stills':
            return 'picture_stills';
        case 'moving':
        case 'none':
            return null;
    }
}
