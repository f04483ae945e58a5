// c++ -O1 -fPIC -shared -fvisibility=hidden: a plugin with a static pool of threads, whose tasks throw and catch.
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

class Pool {
 public:
  explicit Pool(unsigned size) {
    for (unsigned i = 0; i < size; i++) workers.emplace_back([this] { work(); });
  }

  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    for (auto &worker : workers) worker.join();
  }

  std::future<int> submit(std::function<int()> function) {
    std::packaged_task<int()> task(std::move(function));
    auto result = task.get_future();
    {
      std::lock_guard<std::mutex> lock(mutex);
      tasks.push_back(std::move(task));
    }
    wake.notify_one();
    return result;
  }

 private:
  void work() {
    for (;;) {
      std::packaged_task<int()> task;
      {
        std::unique_lock<std::mutex> lock(mutex);
        wake.wait(lock, [this] { return stopping || !tasks.empty(); });
        if (tasks.empty()) return;
        task = std::move(tasks.front());
        tasks.pop_front();
      }
      task();
    }
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::packaged_task<int()>> tasks;
  bool stopping = false;
  std::vector<std::thread> workers;
};

Pool pool(2);

int caught_within(int i) {
  try {
    if (i % 2 == 1) throw std::runtime_error("task " + std::to_string(i));
    return i;
  } catch (const std::exception &error) {
    return static_cast<int>(std::string(error.what()).size());
  }
}

}  // namespace

// 0 + 6 + 2 + 6 from the tasks, 100 for the exception that comes out of one.
extern "C" __attribute__((visibility("default"))) int run() {
  std::vector<std::future<int>> results;
  for (int i = 0; i < 4; i++) results.push_back(pool.submit([i] { return caught_within(i); }));
  auto failing = pool.submit([]() -> int { throw std::logic_error("comes out"); });
  int sum = 0;
  for (auto &result : results) sum += result.get();
  try {
    failing.get();
  } catch (const std::logic_error &) {
    sum += 100;
  }
  return sum == 114 ? 1 : 0;
}
