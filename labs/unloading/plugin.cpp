#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace {

/** Threads that throw and catch: each task needs the runtime's own data of its thread. */
class Pool {
public:
  Pool() : workers{std::thread(work, this), std::thread(work, this)} {}

  void run(int tasks) {
    std::unique_lock<std::mutex> hold(lock);
    waiting = unfinished = tasks;
    changed.notify_all();
    while (unfinished > 0) changed.wait(hold);
  }

  ~Pool() {
    {
      std::lock_guard<std::mutex> hold(lock);
      ends = true;
    }
    changed.notify_all();
    for (std::thread &worker : workers) worker.join();
  }

private:
  static void work(Pool *pool) {
    std::unique_lock<std::mutex> hold(pool->lock);
    for (;;) {
      while (!pool->ends && pool->waiting == 0) pool->changed.wait(hold);
      if (pool->waiting == 0) return;
      pool->waiting--;
      try {
        throw std::runtime_error("a task failed");
      } catch (const std::exception &) {
        pool->unfinished--;
      }
      pool->changed.notify_all();
    }
  }

  std::mutex lock;
  std::condition_variable changed;
  int waiting = 0, unfinished = 0;
  bool ends = false;
  std::thread workers[2];
};

} // namespace

extern "C" void plugin_use() {
  Pool pool;
  pool.run(4);
}
