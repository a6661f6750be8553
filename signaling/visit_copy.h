// SPDX-License-Identifier: Apache-2.0
/* Owned copies of SignalingVisit. Pure; any thread. */
#pragma once
#include "signaling/signaling.h"

SignalingVisit *visit_copy(const SignalingVisit *visit);
/** Frees a result of visit_copy(). */
void visit_free(SignalingVisit *visit);
/** True when both say the same to a client (revision aside). */
bool visit_equal(const SignalingVisit *a, const SignalingVisit *b);
