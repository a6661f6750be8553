// SPDX-License-Identifier: Apache-2.0
// Beginnings of notes for what comes every day. Notes are written in Indonesian, whatever the page's
// language is; the dots are for the doctor to fill in.
import type { TextKey } from './types';

export const TEMPLATES = {
    cough: {
        subjective: 'Batuk pilek sejak … hari. Demam (+/-), sesak (-), nyeri menelan (+/-). Kontak serumah sakit (+/-).',
        objective: 'Keadaan umum baik, bicara kalimat penuh, tidak tampak sesak.',
        plan: 'Istirahat, minum cukup. Kembali bila sesak, demam lebih dari 3 hari, atau tidak mau makan dan minum.',
    },
    diarrhoea: {
        subjective: 'Mencret … kali sehari sejak … hari. Lendir (-), darah (-), muntah (+/-), masih mau minum.',
        objective: 'Sadar baik, mata tidak cekung, bibir tidak kering.',
        plan: 'Oralit tiap kali mencret, zink 10 hari untuk anak. Segera ke puskesmas bila lemas, tidak mau minum, atau berak darah.',
    },
    hypertension: {
        subjective: 'Kontrol tekanan darah. Keluhan pusing (-), nyeri dada (-). Obat diminum teratur (+/-).',
        assessment: 'Hipertensi, terkontrol/belum terkontrol.',
        plan: 'Obat lanjut. Kurangi garam, jalan kaki 30 menit sehari. Kontrol 1 bulan lagi.',
    },
    diabetes: {
        subjective: 'Kontrol gula darah. Sering haus (-), sering kencing (-), kebas kaki (-), luka kaki (-).',
        assessment: 'Diabetes melitus tipe 2, terkontrol/belum terkontrol.',
        plan: 'Obat lanjut. Periksa kaki tiap hari. Gula darah puasa dan HbA1c …',
    },
    stomach: {
        subjective: 'Nyeri ulu hati sejak … hari, mual (+/-), muntah (-), berak hitam (-). Telat makan (+/-), minum obat nyeri (+/-).',
        plan: 'Makan teratur, hindari kopi dan pedas. Segera ke puskesmas bila muntah darah atau berak hitam.',
    },
    skin: {
        subjective: 'Gatal di … sejak … hari, lebih gatal malam (+/-). Serumah gatal (+/-). Obat atau makanan baru (-).',
        objective: 'Pada gambar: …',
        plan: 'Jangan digaruk, potong kuku. Kembali bila meluas, bernanah, atau demam.',
    },
    pregnancy: {
        subjective: 'Hamil … minggu. Gerak janin (+). Perdarahan (-), keluar air (-), pusing hebat (-), bengkak (-).',
        plan: 'Tablet tambah darah lanjut. Segera ke fasilitas bila perdarahan, keluar air, pusing hebat, atau gerak janin berkurang.',
    },
} as const satisfies Readonly<Record<string, Partial<Record<TextKey, string>>>>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];
