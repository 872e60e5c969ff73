package io.starfire.hadoop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk as Hadoop sees it, with permissions set by Java. Without its native library, which
 * few machines have, Hadoop starts a {@code chmod} for each file and directory that it makes. A
 * task of the local job runner makes dozens, and took most of its time for that. Thread-safe.
 */
public final class LocalFiles extends LocalFileSystem {
  private static final String KEY = "fs.file.impl";

  /** For Hadoop, which makes it by its name. */
  public LocalFiles() {
    super(new Raw());
  }

  /** Lets a configuration use it, unless somebody has chosen another one. */
  public static void use(Configuration configuration) {
    if (configuration.get(KEY) == null) {
      configuration.setClass(KEY, LocalFiles.class, LocalFileSystem.class);
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      Set<PosixFilePermission> allowed = EnumSet.noneOf(PosixFilePermission.class);
      FsAction user = permission.getUserAction();
      add(allowed, user, FsAction.READ, PosixFilePermission.OWNER_READ);
      add(allowed, user, FsAction.WRITE, PosixFilePermission.OWNER_WRITE);
      add(allowed, user, FsAction.EXECUTE, PosixFilePermission.OWNER_EXECUTE);
      FsAction group = permission.getGroupAction();
      add(allowed, group, FsAction.READ, PosixFilePermission.GROUP_READ);
      add(allowed, group, FsAction.WRITE, PosixFilePermission.GROUP_WRITE);
      add(allowed, group, FsAction.EXECUTE, PosixFilePermission.GROUP_EXECUTE);
      FsAction others = permission.getOtherAction();
      add(allowed, others, FsAction.READ, PosixFilePermission.OTHERS_READ);
      add(allowed, others, FsAction.WRITE, PosixFilePermission.OTHERS_WRITE);
      add(allowed, others, FsAction.EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
      try {
        Files.setPosixFilePermissions(pathToFile(path).toPath(), allowed);
      } catch (UnsupportedOperationException e) {
        super.setPermission(path, permission);
      }
    }

    private static void add(
        Set<PosixFilePermission> allowed,
        FsAction granted,
        FsAction action,
        PosixFilePermission permission) {
      if (granted.implies(action)) {
        allowed.add(permission);
      }
    }
  }
}
