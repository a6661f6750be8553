// SPDX-License-Identifier: Apache-2.0
// Everybody in the call beside the one who fills the stage: a small picture, or the word for who it is.
import { withTitle } from '../format';
import type { ParticipantView } from '../messages';
import { isShown, pausedWords, sendsPicture, type PictureWords, type Stage } from '../picture';
import type { RemoteTrack } from '../peer';
import type { SessionView } from '../visit_session';
import { common } from '../words';
import { Icon } from './icon';
import { VideoView } from './media_view';

/** Who it is, in a word. */
export function personWords({ role, name, label, place }: ParticipantView): string {
    if (role === 'doctor') return withTitle(name);
    if (role === 'patient') return name || (place ? common('person_place', { n: place }) : common('person_patient'));
    switch (label) {
        case 'interpreter':
        case 'family':
        case 'expert':
            return common(`guest_${label}`);
        default:
            return common('person_guest');
    }
}

interface Props {
    readonly session: SessionView;
    readonly stage: Stage;
    /** PERSON is to fill the stage. */
    readonly onPick: (person: string) => void;
}

export function MorePictures({ session, stage, onPick }: Props) {
    const { others } = session.visit;
    const pictures = session.remotes.filter((one) => one.kind === 'video' && one !== stage.picture && one.participant);
    const unseen = others.filter((other) => other.in_call && other.id !== stage.person &&
        !pictures.some((one) => one.participant === other.id));
    if (pictures.length + unseen.length === 0) return null;
    return (
        <ul class="more-pictures">
            {pictures.map((remote) => {
                const person = others.find((other) => other.id === remote.participant);
                return <Tile key={remote.mid} remote={remote} person={person} onPick={onPick} />;
            })}
            {unseen.map((person) => <Tile key={person.id} remote={null} person={person} onPick={onPick} />)}
        </ul>
    );
}

/** In a small picture's line: that it does not move, or seldom, in two words; why, for readers and who points at it. */
export function PausedSign({ words, name }: { readonly words: PictureWords; readonly name: string }) {
    const sentence = common(words, { name });
    return (
        <span class="paused-sign" title={sentence} data-testid="paused" data-why={words}>
            <Icon name="signal" size={20} />
            <span aria-hidden="true">{common(words === 'picture_stills' ? 'tile_stills' : 'tile_paused')}</span>
            <span class="hidden-words">{sentence}</span>
        </span>
    );
}

interface TileProps {
    readonly remote: RemoteTrack | null;
    readonly person: ParticipantView | undefined;
    readonly onPick: (person: string) => void;
}

function Tile({ remote, person, onPick }: TileProps) {
    const name = person ? personWords(person) : common('person_guest');
    const shown = remote !== null && (!person || sendsPicture(person)) && isShown(remote.picture, remote.picture === 'moving');
    const paused = pausedWords(remote, person ?? null);
    return (
        <li class={shown ? 'tile' : 'tile bare'} data-testid="tile" data-person={person?.label ?? person?.role}
            data-shown={shown} title={paused ? common(paused, { name }) : undefined}>
            {shown && <VideoView track={remote.track} testId={`remote-${remote.mid}`} label={common('remote_view', { name })} />}
            <p class="tile-name">
                {!shown && !paused && <Icon name="person" size={20} />}
                <span>{name}</span>
                {paused && <PausedSign words={paused} name={name} />}
            </p>
            {/* Who is paused and chosen has a share of the link before the others. */}
            {(shown || paused) && person && (
                <button type="button" class="tile-pick" aria-label={common('enlarge', { name })} onClick={() => onPick(person.id)} />
            )}
        </li>
    );
}
