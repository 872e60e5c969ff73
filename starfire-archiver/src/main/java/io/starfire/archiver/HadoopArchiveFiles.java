package io.starfire.archiver;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.hadoop.HadoopClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;

/** HDFS and its kin, whose rename fails if the name is taken. */
final class HadoopArchiveFiles implements ArchiveFiles {
  private final Configuration configuration;
  private final FileSystem files;
  private final Path root;

  private HadoopArchiveFiles(Path root, Map<String, String> properties) throws IOException {
    this.root = root;
    this.configuration = HadoopClient.configuration(properties);
    this.files = root.getFileSystem(configuration);
  }

  static HadoopArchiveFiles of(String root, Map<String, String> properties) {
    try {
      return new HadoopArchiveFiles(new Path(root), properties);
    } catch (IOException | IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "starfire.archive.root %s cannot be used: %s".formatted(root, e.getMessage()),
          e);
    }
  }

  @Override
  public OutputFile temporary(String path) throws IOException {
    return HadoopOutputFile.fromPath(parented(path), configuration);
  }

  @Override
  public void write(String temporary, byte[] content) throws IOException {
    try (FSDataOutputStream out = files.create(parented(temporary), true)) {
      out.write(content);
      out.hsync();
    }
  }

  @Override
  public boolean publish(String temporary, String path) throws IOException {
    Path from = new Path(root, temporary);
    if (files.rename(from, parented(path))) {
      return true;
    }
    if (!files.exists(new Path(root, path))) {
      throw new IOException("%s could not be renamed to %s".formatted(from, path));
    }
    delete(temporary);
    return false;
  }

  @Override
  public long rows(String path) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(root, path), configuration))) {
      return reader.getRecordCount();
    }
  }

  @Override
  public List<String> list(String directory) throws IOException {
    Path path = new Path(root, directory);
    if (!files.exists(path)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (FileStatus file : files.listStatus(path)) {
      names.add(file.getPath().getName());
    }
    names.sort(null);
    return names;
  }

  @Override
  public byte[] read(String path) throws IOException {
    try (FSDataInputStream in = files.open(new Path(root, path))) {
      return in.readAllBytes();
    }
  }

  @Override
  public void deleteIfEmpty(String directory) throws IOException {
    try {
      boolean unused = files.delete(new Path(root, directory), false);
    } catch (PathIsNotEmptyDirectoryException e) {
      // It is still needed.
    }
  }

  @Override
  public void delete(String path) throws IOException {
    boolean unused = files.delete(new Path(root, path), false);
  }

  private Path parented(String path) throws IOException {
    Path file = new Path(root, path);
    if (!files.mkdirs(file.getParent())) {
      throw new IOException("%s could not be created".formatted(file.getParent()));
    }
    return file;
  }
}
