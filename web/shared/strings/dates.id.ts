// SPDX-License-Identifier: Apache-2.0
// Names of days, months and units of time, one after the other; of a unit for one and for several.
export const id = {
    days: 'Minggu Senin Selasa Rabu Kamis Jumat Sabtu',
    months: 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember',
    units: 'jam jam menit menit detik detik',
};
