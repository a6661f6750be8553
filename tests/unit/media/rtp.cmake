# SPDX-License-Identifier: Apache-2.0
# Tests of media/rtp, media/repair and the feedback part of media/rate; included by this folder's
# CMakeLists.txt.
foreach(unit demux rtp rtpext rtcp rtcp_fb rtcp_twcc vp8 vp9 h264 opus_packet)
    huyula_add_unit_test(test_${unit} SOURCES test_${unit}.c LIBS huyula_media_rtp)
endforeach()
huyula_add_unit_test(test_audio_level SOURCES test_audio_level.c LIBS huyula_media_rtp)
pkg_check_modules(OPUS REQUIRED IMPORTED_TARGET opus)
huyula_add_unit_test(test_opus_merge SOURCES test_opus_merge.c
    LIBS huyula_media_rtp PkgConfig::OPUS m)
huyula_add_unit_test(test_opus_fec SOURCES test_opus_fec.c
    LIBS huyula_media_rtp PkgConfig::OPUS m)
foreach(unit audio_out audio_out_red)
    huyula_add_unit_test(test_${unit}
        SOURCES test_${unit}.c ${CMAKE_SOURCE_DIR}/tests/support/audio_line.c
        LIBS huyula_media_repair)
endforeach()
huyula_add_unit_test(test_red SOURCES test_red.c LIBS huyula_media_repair)
foreach(unit packet_cache nack early rtx keyframe rtp_rewriter)
    huyula_add_unit_test(test_${unit} SOURCES test_${unit}.c LIBS huyula_media_repair)
endforeach()
foreach(unit twcc_receiver rtp_stats sound_guard stream_loss send_rate rate_units)
    huyula_add_unit_test(test_${unit} SOURCES test_${unit}.c LIBS huyula_media_rate)
endforeach()
