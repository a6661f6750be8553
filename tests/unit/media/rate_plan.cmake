# SPDX-License-Identifier: Apache-2.0
# Tests of what media/rate decides: pacer, probe, layers, ladders, allocator, hint, uplink; included by this folder's
# CMakeLists.txt.
foreach(unit fast_path report_interval probe layer_choice hint ladders patience send_lag uplink_red)
    huyula_add_unit_test(test_${unit} SOURCES test_${unit}.c LIBS huyula_media_rate)
endforeach()
foreach(subject "" _sound _pictures)
    huyula_add_unit_test(test_allocator${subject}
        SOURCES test_allocator${subject}.c allocator_bench.c LIBS huyula_media_rate)
endforeach()
foreach(subject "" _frames _pictures)
    huyula_add_unit_test(test_pacer${subject}
        SOURCES test_pacer${subject}.c pacer_bench.c LIBS huyula_media_rate)
endforeach()
foreach(subject "" _sight)
    huyula_add_unit_test(test_uplink${subject}
        SOURCES test_uplink${subject}.c uplink_net.c LIBS huyula_media_rate)
endforeach()
