import java.io.*;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.*;
import java.security.MessageDigest;
import java.util.zip.*;

/** Fetch URL SHA256-or-'' FOLDER: downloads a zip, checks it, unpacks it into the folder, which is new. For any Java since 8. */
public class Fetch {
  static final long MOST_BYTES = 2L << 30;
  static final int MOST_FILES = 50_000;

  public static void main(String[] arguments) throws Exception {
    Path zip = Paths.get("distribution.zip");
    String sum = download(new URL(arguments[0]), zip);
    if (!arguments[1].isEmpty() && !arguments[1].equals(sum)) fail("sha256", sum);
    unpack(zip, Paths.get(arguments[2]));
    Files.delete(zip);
  }

  static String download(URL url, Path to) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(60_000);
    connection.setReadTimeout(60_000);
    if (connection.getResponseCode() != 200) fail("status", String.valueOf(connection.getResponseCode()));
    long total = connection.getContentLengthLong(), done = 0, told = 0;
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = connection.getInputStream(); OutputStream out = Files.newOutputStream(to)) {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
        done += read;
        if (done - told >= 4 << 20) {
          told = done;
          System.out.println("petri-fetched " + (done >> 20) + " " + (total >> 20));
        }
      }
    }
    if (total >= 0 && done != total) fail("cut", done + " of " + total);
    StringBuilder hex = new StringBuilder();
    for (byte one : digest.digest()) hex.append(String.format("%02x", one));
    return hex.toString();
  }

  static void unpack(Path zip, Path folder) throws Exception {
    long bytes = 0;
    int files = 0;
    byte[] buffer = new byte[1 << 16];
    try (ZipInputStream in = new ZipInputStream(new BufferedInputStream(Files.newInputStream(zip)))) {
      for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
        String name = entry.getName();
        Path path = folder.resolve(name).normalize();
        if (name.startsWith("/") || name.contains("\\") || !path.startsWith(folder) || ++files > MOST_FILES) fail("zip", "an entry that has no place in it");
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          for (int read; (read = in.read(buffer)) >= 0; ) {
            if ((bytes += read) > MOST_BYTES) fail("zip", "too much");
            out.write(buffer, 0, read);
          }
        }
        if (name.matches("[^/]+/bin/gradle")) path.toFile().setExecutable(true, false);
      }
    } catch (ZipException | FileAlreadyExistsException failure) {
      fail("zip", String.valueOf(failure.getMessage()));
    }
  }

  static void fail(String what, String value) {
    System.err.println("petri-fetch-failed " + what + " " + value);
    System.exit(1);
  }
}
