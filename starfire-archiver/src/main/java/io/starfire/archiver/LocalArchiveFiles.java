package io.starfire.archiver;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/** The local disk. A hard link gives a file its name: it fails if the name is taken. */
final class LocalArchiveFiles implements ArchiveFiles {
  private final Path root;

  private LocalArchiveFiles(Path root) {
    this.root = root;
  }

  static LocalArchiveFiles of(String root) {
    return new LocalArchiveFiles(
        root.startsWith("file:") ? Path.of(URI.create(root)) : Path.of(root).toAbsolutePath());
  }

  @Override
  public OutputFile temporary(String path) throws IOException {
    return new LocalOutputFile(parented(path));
  }

  @Override
  public void write(String temporary, byte[] content) throws IOException {
    Files.write(parented(temporary), content);
  }

  @Override
  public boolean publish(String temporary, String path) throws IOException {
    Path from = root.resolve(temporary);
    Path to = parented(path);
    try (FileChannel channel = FileChannel.open(from, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    boolean published = true;
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      published = false;
    }
    Files.delete(from);
    try (FileChannel directory = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
    return published;
  }

  @Override
  public long rows(String path) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new LocalInputFile(root.resolve(path)))) {
      return reader.getRecordCount();
    }
  }

  @Override
  public List<String> list(String directory) throws IOException {
    Path path = root.resolve(directory);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public byte[] read(String path) throws IOException {
    return Files.readAllBytes(root.resolve(path));
  }

  @Override
  public void deleteIfEmpty(String directory) throws IOException {
    try {
      Files.deleteIfExists(root.resolve(directory));
    } catch (DirectoryNotEmptyException e) {
      // It is still needed.
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(root.resolve(path));
  }

  private Path parented(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return file;
  }
}
