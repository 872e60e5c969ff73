package io.starfire.serving.realtime;

import io.starfire.event.Outcome;

/** Why a record did not become a row. */
record Rejection(Outcome outcome, String reason) {}
