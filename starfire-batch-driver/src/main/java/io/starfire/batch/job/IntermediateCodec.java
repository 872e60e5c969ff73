package io.starfire.batch.job;

import io.starfire.batch.input.EdgeFiles;
import io.starfire.config.StarfireConfig;
import org.apache.avro.file.CodecFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.mapreduce.MRJobConfig;

/**
 * How what lies between mappers and reducers, and between jobs, is compressed: the values of {@code
 * starfire.batch.intermediate-codec}. None of them needs a library of the system.
 */
public enum IntermediateCodec {
  /** Not at all. */
  NONE,
  /** Fast, to about a half. */
  LZ4;

  private static final String KEY = "starfire.batch.intermediate-codec";

  /** That of a configuration. */
  static IntermediateCodec of(StarfireConfig config) {
    return config.choice(KEY, IntermediateCodec.class);
  }

  /** For the files between two jobs. */
  CodecFactory ofFiles() {
    return this == LZ4 ? EdgeFiles.lz4() : CodecFactory.nullCodec();
  }

  /** Tells jobs how to compress what mappers send; properties that a user has set still win. */
  public static void putInto(Configuration configuration, StarfireConfig config) {
    boolean compresses = of(config) == LZ4;
    configuration.setBoolean(MRJobConfig.MAP_OUTPUT_COMPRESS, compresses);
    if (compresses) {
      configuration.setClass(
          MRJobConfig.MAP_OUTPUT_COMPRESS_CODEC, Lz4Codec.class, CompressionCodec.class);
    }
  }
}
