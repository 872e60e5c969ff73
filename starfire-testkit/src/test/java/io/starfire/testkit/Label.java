package io.starfire.testkit;

/** A row of the lookup of random pipelines. */
public record Label(String key, long weight) {}
