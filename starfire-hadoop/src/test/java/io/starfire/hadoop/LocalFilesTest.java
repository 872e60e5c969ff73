package io.starfire.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir java.nio.file.Path directory;

  @Test
  void filesAndDirectoriesGetTheirPermissions() throws IOException {
    Configuration configuration = new Configuration(false);
    LocalFiles.use(configuration);
    try (FileSystem files = FileSystem.newInstance(directory.toUri(), configuration)) {
      assertThat(files).isInstanceOf(LocalFiles.class);
      java.nio.file.Path made = directory.resolve("made");
      assertThat(files.mkdirs(new Path(made.toUri()), new FsPermission("710"))).isTrue();
      assertThat(permissions(made)).isEqualTo("rwx--x---");
      java.nio.file.Path file = made.resolve("file");
      files.create(new Path(file.toUri())).close();
      assertThat(permissions(file)).isEqualTo("rw-r--r--");
      files.setPermission(new Path(file.toUri()), new FsPermission("640"));
      assertThat(permissions(file)).isEqualTo("rw-r-----");
    }
  }

  @Test
  void theChoiceOfAUserStays() {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.LocalFileSystem");
    LocalFiles.use(configuration);
    assertThat(configuration.get("fs.file.impl")).endsWith("LocalFileSystem");
  }

  private static String permissions(java.nio.file.Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
